import { useTheme } from '../stores/theme';
import { useMediaQuery } from './useMediaQuery';

/** What is on screen: the theme that was chosen, or the system's. */
export function useScheme(): 'light' | 'dark' {
  const theme = useTheme((state) => state.theme);
  const systemIsDark = useMediaQuery('(prefers-color-scheme: dark)');
  if (theme !== 'system') return theme;
  return systemIsDark ? 'dark' : 'light';
}
