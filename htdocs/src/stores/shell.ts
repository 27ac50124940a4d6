/** What of the page's frame is open. */
import { create } from 'zustand';

export type AdminPage = 'models' | 'users' | 'usage';
export type View = 'chat' | 'archive' | 'account' | 'assistants' | 'prompts' | AdminPage;

const others: readonly string[] = ['archive', 'account', 'assistants', 'prompts', 'models', 'users', 'usage'] satisfies View[];

export interface ShellStore {
  /** The address names it, after "#". */
  view: View;
  drawerOpen: boolean;
  shortcutsOpen: boolean;
  /** The search box is to take the focus as soon as it is there. */
  searchWanted: boolean;
}

export const useShell = create<ShellStore>()(() => ({
  view: viewOfHash(location.hash),
  drawerOpen: false,
  shortcutsOpen: false,
  searchWanted: false,
}));

export function viewOfHash(hash: string): View {
  const name = hash.slice(1);
  return others.includes(name) ? (name as View) : 'chat';
}

export function showView(view: View): void {
  if (useShell.getState().view === view) return;
  const { pathname, search } = location;
  history.pushState(null, '', view === 'chat' ? pathname + search : `${pathname}${search}#${view}`);
  useShell.setState({ view, drawerOpen: false });
}
