import { create } from 'zustand';

type Theme = 'system' | 'light' | 'dark';

const key = 'lamplight.theme'; // public/first.js reads it before the first paint

export const useTheme = create<{ theme: Theme }>()(() => ({ theme: known(document.documentElement.dataset['theme']) }));

export function setTheme(theme: Theme): void {
  wear(theme);
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Storage is blocked: the choice lasts until the page is closed.
  }
}

function wear(theme: Theme): void {
  useTheme.setState({ theme });
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

function known(theme: string | null | undefined): Theme {
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

// A choice in one tab applies to all of them.
addEventListener('storage', ({ key: changed, newValue }) => {
  if (changed === key) wear(known(newValue));
});
