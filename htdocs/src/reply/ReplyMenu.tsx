import { t } from '@lingui/core/macro';
import { Ellipsis } from 'lucide-react';
import { lazy } from 'react';
import { MenuButton } from '../controls/MenuButton';
import { withTexts } from '../i18n/language';
import type { ReplyActionsProps } from './ReplyActions';

const ReplyActions = lazy(() => withTexts(import('./ReplyActions')));

/** Further actions for a reply. */
export function ReplyMenu(props: ReplyActionsProps) {
  return (
    <MenuButton
      label={t`More for this reply`}
      align="start"
      face={<Ellipsis className="size-4" aria-hidden="true" />}
      className="grid size-8 shrink-0 place-content-center rounded-lg text-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover pointer-coarse:size-11"
    >
      <ReplyActions {...props} />
    </MenuButton>
  );
}
