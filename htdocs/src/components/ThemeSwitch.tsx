import { Monitor, Moon, Sun } from 'lucide-react';
import { setTheme, useTheme, type Theme } from '../stores/theme';
import { IconButton } from './Button';

const after: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const icons = { system: Monitor, light: Sun, dark: Moon };

/** One button that goes round: system, light, dark. */
export function ThemeSwitch() {
  const theme = useTheme((state) => state.theme);
  const Icon = icons[theme];
  return (
    <IconButton label={`Theme: ${theme}. Change to ${after[theme]}`} onClick={() => setTheme(after[theme])}>
      <Icon className="size-4" aria-hidden="true" />
    </IconButton>
  );
}
