import { useMediaQuery } from '../hooks/useMediaQuery';
import { useTheme } from '../stores/theme';

/** The scheme on screen: the chosen theme, or the system's. */
export function useScheme(): 'light' | 'dark' {
  const theme = useTheme((state) => state.theme);
  const systemIsDark = useMediaQuery('(prefers-color-scheme: dark)');
  if (theme !== 'system') return theme;
  return systemIsDark ? 'dark' : 'light';
}
