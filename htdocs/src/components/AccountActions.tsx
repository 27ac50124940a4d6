import { t } from '@lingui/core/macro';
import { Archive, Keyboard, LogOut, UserRound } from 'lucide-react';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import { languages, type Language } from '../i18n/language';
import { logOut } from '../stores/auth';
import { setLanguage, useLanguage } from '../stores/language';
import { showView, useShell } from '../stores/shell';
import { setTheme, useTheme } from '../stores/theme';
import { MenuChoice, MenuItem, MenuLine } from './Menu';

/** The account's pages and the settings of the page. */
export default function AccountActions({ onChosen }: { onChosen: () => void }) {
  const theme = useTheme((state) => state.theme);
  const spoken = useLanguage((state) => state.spoken) ?? 'en';
  const fail = (error: unknown): void => void toast.error(sentenceOf(error));
  const show = (view: 'archive' | 'account'): void => {
    showView(view);
    onChosen();
  };

  return (
    <>
      <MenuItem icon={UserRound} onSelect={() => show('account')}>{t`Account and usage`}</MenuItem>
      <MenuItem icon={Archive} onSelect={() => show('archive')}>{t`Archive`}</MenuItem>
      <MenuItem icon={Keyboard} onSelect={() => useShell.setState({ shortcutsOpen: true })}>{t`Keyboard shortcuts`}</MenuItem>
      <MenuLine />
      <MenuChoice
        label={t`Theme`}
        value={theme}
        choices={[['system', t`System`], ['light', t`Light`], ['dark', t`Dark`]]}
        onChoose={setTheme}
      />
      <LanguageChoice value={spoken} onFailure={fail} />
      <MenuLine />
      <MenuItem icon={LogOut} onSelect={() => void logOut().catch(fail)}>{t`Log out`}</MenuItem>
    </>
  );
}

function LanguageChoice({ value, onFailure }: { value: Language; onFailure: (error: unknown) => void }) {
  return (
    <MenuChoice
      label={t`Language`}
      value={value}
      choices={(Object.keys(languages) as Language[]).map((language) => [language, languages[language], language] as const)}
      onChoose={(language) => void setLanguage(language).catch(onFailure)}
    />
  );
}
