import { t } from '@lingui/core/macro';
import { Archive, ChevronsUpDown, Keyboard, LogOut, UserRound } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { User } from '../api/token';
import { languages, type Language } from '../i18n/language';
import { logOut } from '../stores/auth';
import { setLanguage, useLanguage } from '../stores/language';
import { showView, useShell } from '../stores/shell';
import { setTheme, useTheme } from '../stores/theme';
import { MenuChoice, MenuContent, MenuItem, MenuLine } from './Menu';

/** Whose page it is, and the settings. */
export function AccountMenu({ user, onChosen }: { user: User; onChosen: () => void }) {
  const { username } = user;
  const theme = useTheme((state) => state.theme);
  const spoken = useLanguage((state) => state.spoken) ?? 'en';
  const fail = (error: unknown): void => void toast.error(sentenceOf(error));
  const show = (view: 'archive' | 'account'): void => {
    showView(view);
    onChosen();
  };

  return (
    <footer className="border-t border-line p-2.5">
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger
          aria-label={t`Account and settings of ${username}`}
          className="flex w-full items-center gap-2.5 rounded-lg p-1.5 text-left hover:bg-hover data-[state=open]:bg-hover"
        >
          <span
            className="grid size-8 shrink-0 place-content-center rounded-full bg-glow text-sm font-semibold text-accent uppercase"
            aria-hidden="true"
          >
            {username.charAt(0)}
          </span>
          <span className="min-w-0 flex-1 truncate text-sm">{username}</span>
          <ChevronsUpDown className="size-4 shrink-0 text-soft" aria-hidden="true" />
        </DropdownMenu.Trigger>
        <MenuContent side="top" align="start">
          <MenuItem icon={UserRound} onSelect={() => show('account')}>{t`Account and usage`}</MenuItem>
          <MenuItem icon={Archive} onSelect={() => show('archive')}>{t`Archive`}</MenuItem>
          <MenuItem icon={Keyboard} onSelect={() => useShell.setState({ shortcutsOpen: true })}>{t`Keyboard shortcuts`}</MenuItem>
          <MenuLine />
          <MenuChoice
            label={t`Theme`}
            value={theme}
            choices={[['system', t`Like the system`], ['light', t`Light`], ['dark', t`Dark`]]}
            onChoose={setTheme}
          />
          <LanguageChoice value={spoken} onFailure={fail} />
          <MenuLine />
          <MenuItem icon={LogOut} onSelect={() => void logOut().catch(fail)}>{t`Log out`}</MenuItem>
        </MenuContent>
      </DropdownMenu.Root>
    </footer>
  );
}

function LanguageChoice({ value, onFailure }: { value: Language; onFailure: (error: unknown) => void }) {
  return (
    <MenuChoice
      label={t`Language`}
      value={value}
      choices={[['en', languages.en, 'en'], ['zh-CN', languages['zh-CN'], 'zh-CN']]}
      onChoose={(language) => void setLanguage(language).catch(onFailure)}
    />
  );
}
