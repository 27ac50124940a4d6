/** Which parts of the page's frame are open. */
import { create } from 'zustand';

export type AdminPage = 'models' | 'users' | 'usage';
export type View = 'chat' | 'archive' | 'account' | 'assistants' | 'prompts' | AdminPage;

const others: readonly string[] = ['archive', 'account', 'assistants', 'prompts', 'models', 'users', 'usage'] satisfies View[];

interface ShellStore {
  /** The address names it, after "#". */
  view: View;
  drawerOpen: boolean;
  shortcutsOpen: boolean;
  /** The search box should take the focus as soon as it exists. */
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

const ofDrawer = 'drawer';

/** The current entry of the browser's history is the drawer's, which "back" closes. */
function isDrawer(): boolean {
  return history.state === ofDrawer;
}

/** Goes to another address. It replaces the entry of the drawer, to which nobody returns. */
export function stepTo(url: string): void {
  if (isDrawer()) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
}

/** From now on the drawer is a history entry of its own: "back" closes it, and leaves the chat where it is. */
export function followDrawer(): void {
  useShell.subscribe(({ drawerOpen }, before) => {
    if (drawerOpen === before.drawerOpen) return;
    if (drawerOpen) history.pushState(ofDrawer, '');
    else if (isDrawer()) history.back();
  });
  window.addEventListener('popstate', () => !isDrawer() && useShell.setState({ drawerOpen: false }));
}

export function showView(view: View): void {
  if (useShell.getState().view === view) return;
  const { pathname, search } = location;
  stepTo(view === 'chat' ? pathname + search : `${pathname}${search}#${view}`);
  useShell.setState({ view, drawerOpen: false });
}
