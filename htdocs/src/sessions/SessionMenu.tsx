import { t } from '@lingui/core/macro';
import { Ellipsis } from 'lucide-react';
import { lazy } from 'react';
import { MenuButton } from '../controls/MenuButton';
import { withTexts } from '../i18n/language';
import type { SessionActionsProps } from './SessionActions';
import { titleOf } from './titleOf';

const SessionActions = lazy(() => withTexts(import('./SessionActions')));

/** The menu of a session: a button at the end of its line. */
export function SessionMenu(props: SessionActionsProps) {
  const title = titleOf(props.session);
  return (
    <MenuButton
      label={t`More for ${title}`}
      align="end"
      face={<Ellipsis className="size-4" aria-hidden="true" />}
      className="absolute inset-y-0 right-1 my-auto grid size-7 place-content-center rounded-md text-soft opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-chosen hover:text-ink data-[state=open]:opacity-100 pointer-coarse:size-11 pointer-coarse:opacity-100"
    >
      <SessionActions {...props} />
    </MenuButton>
  );
}
