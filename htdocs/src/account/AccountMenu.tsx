import { t } from '@lingui/core/macro';
import { ChevronsUpDown } from 'lucide-react';
import { lazy } from 'react';
import type { User } from '../api/token';
import { MenuButton } from '../controls/MenuButton';
import { withTexts } from '../i18n/language';

const AccountActions = lazy(() => withTexts(import('./AccountActions')));

/** The name of the user, and the settings. */
export function AccountMenu({ user, onChosen }: { user: User; onChosen: () => void }) {
  const { username } = user;
  return (
    <footer className="border-t border-line p-2.5">
      <MenuButton
        side="top"
        align="start"
        face={<Face username={username} />}
        className="flex w-full items-center gap-2.5 rounded-lg p-1.5 text-left hover:bg-hover data-[state=open]:bg-hover"
      >
        <AccountActions onChosen={onChosen} />
      </MenuButton>
    </footer>
  );
}

function Face({ username }: { username: string }) {
  return (
    <>
      <span
        className="grid size-8 shrink-0 place-content-center rounded-full bg-glow text-sm font-semibold text-accent uppercase"
        aria-hidden="true"
      >
        {username.charAt(0)}
      </span>
      <span className="sr-only">{t`Account and settings:`}</span>
      <span className="min-w-0 flex-1 truncate text-sm">{username}</span>
      <ChevronsUpDown className="size-4 shrink-0 text-soft" aria-hidden="true" />
    </>
  );
}
