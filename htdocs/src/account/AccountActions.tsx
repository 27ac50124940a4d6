import { t } from '@lingui/core/macro';
import { Archive, Bot, Keyboard, LogOut, SlidersHorizontal, UserRound } from 'lucide-react';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import { MenuChoice, MenuItem, MenuLine } from '../controls/Menu';
import { languages, type Language } from '../i18n/language';
import { logOut } from '../stores/auth';
import { setLanguage, useLanguage } from '../stores/language';
import { lookAtRole, useRole } from '../stores/role';
import { showView, useShell, type View } from '../stores/shell';
import { setTheme, useTheme } from '../stores/theme';

/** The account's pages and the settings of the page. */
export default function AccountActions({ onChosen }: { onChosen: () => void }) {
  const theme = useTheme((state) => state.theme);
  const spoken = useLanguage((state) => state.spoken) ?? 'en';
  const admin = useRole((state) => state.admin);
  useEffect(() => void lookAtRole(), []);
  const fail = (error: unknown): void => void toast.error(sentenceOf(error));
  const show = (view: View): void => {
    showView(view);
    onChosen();
  };

  return (
    <>
      {/* At the top, so that late items do not push away what is about to be clicked. */}
      {admin && <MenuItem icon={SlidersHorizontal} onSelect={() => show('models')}>{t`Administration`}</MenuItem>}
      <MenuItem icon={UserRound} onSelect={() => show('account')}>{t`Account and usage`}</MenuItem>
      <MenuItem icon={Bot} onSelect={() => show('assistants')}>{t`Assistants and prompts`}</MenuItem>
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
