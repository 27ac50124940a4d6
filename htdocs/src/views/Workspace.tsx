import { t } from '@lingui/core/macro';
import { Menu, SquarePen } from 'lucide-react';
import { lazy, Suspense, useEffect } from 'react';
import type { User } from '../api/token';
import { ArchivedNote } from '../components/ArchivedNote';
import { IconButton } from '../components/Button';
import { Drawer } from '../components/Drawer';
import { preloadMarkdown } from '../components/Markdown';
import { Sidebar } from '../components/Sidebar';
import { useCurrentSession } from '../hooks/useCurrentSession';
import { useDocumentTitle } from '../hooks/useDocumentTitle';
import { useMediaQuery } from '../hooks/useMediaQuery';
import { useShortcuts } from '../hooks/useShortcuts';
import { useUnreadCount } from '../hooks/useUnreadCount';
import { useConversation } from '../stores/conversation';
import { useShell } from '../stores/shell';
import { startNewSession } from '../stores/steps';
import { ChatView } from './ChatView';

const AccountView = lazy(() => import('./AccountView'));
const ArchiveView = lazy(() => import('./ArchiveView'));
const ShortcutSheet = lazy(() => import('../components/ShortcutSheet'));

const closeDrawer = (): void => useShell.setState({ drawerOpen: false });

/** The page of somebody who is logged in: sessions at the side (a drawer on a phone), the conversation beside them. */
export function Workspace({ user }: { user: User }) {
  const wide = useMediaQuery('(min-width: 48rem)');
  const { view, drawerOpen, shortcutsOpen } = useShell();
  const title = useCurrentSession()?.title;
  const unread = useUnreadCount();
  const news = unread === 0 ? '' : `(${unread}) `;
  useDocumentTitle(news + (title === undefined || title === '' ? 'Lamplight' : `${title} · Lamplight`));
  useShortcuts(wide);
  useEffect(preloadMarkdown, []);

  return (
    <div className="flex h-full">
      <SkipLink />
      {wide ? (
        <aside className="w-72 shrink-0 border-r border-line bg-panel">
          <Sidebar user={user} onChosen={closeDrawer} />
        </aside>
      ) : (
        <Drawer open={drawerOpen} onClose={closeDrawer} label={t`Chats`}>
          <Sidebar user={user} onChosen={closeDrawer} />
        </Drawer>
      )}
      <div id="content" className="flex min-w-0 flex-1 flex-col" inert={drawerOpen && !wide}>
        <TopBar wide={wide} title={view === 'chat' ? (title ?? t`New chat`) : null} />
        {view === 'chat' ? <Chat user={user} /> : <Suspense>{view === 'account' ? <AccountView user={user} /> : <ArchiveView />}</Suspense>}
      </div>
      {shortcutsOpen && (
        <Suspense>
          <ShortcutSheet onClose={() => useShell.setState({ shortcutsOpen: false })} />
        </Suspense>
      )}
    </div>
  );
}

/** The first stop of the keyboard: past the list of chats. */
function SkipLink() {
  return (
    // biome-ignore lint/a11y/useValidAnchor: a link, as everywhere; its address alone would be a step in the history of chats
    <a
      href="#content"
      onClick={(event) => {
        event.preventDefault(); // the address is that of the chat
        (document.getElementById('composer') ?? document.querySelector<HTMLElement>('main h1'))?.focus();
      }}
      className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-30 focus:rounded-lg focus:bg-raised focus:px-4 focus:py-2 focus:text-sm focus:shadow-lift"
    >
      {t`Skip to content`}
    </a>
  );
}

function Chat({ user }: { user: User }) {
  const conversation = useConversation((state) => state.conversation);
  const session = useCurrentSession();
  return (
    <>
      {session?.archived === true && <ArchivedNote session={session} />}
      <ChatView conversation={conversation} user={user} />
    </>
  );
}

/** On a wide screen only a screen reader needs it: the list shows which session is open. `title` null: the view has its own. */
function TopBar({ wide, title }: { wide: boolean; title: string | null }) {
  const heading = title !== null && <h1 dir="auto" className="min-w-0 flex-1 truncate text-center text-sm font-medium">{title}</h1>;
  if (wide) return <header className="sr-only">{heading}</header>;
  return (
    <header className="flex items-center gap-1 border-b border-line px-2 pt-[max(0.375rem,env(safe-area-inset-top))] pb-1.5">
      <IconButton label={t`Open the chat list`} size="size-11" onClick={() => useShell.setState({ drawerOpen: true })}>
        <Menu className="size-5" aria-hidden="true" />
      </IconButton>
      {heading || <span className="flex-1" />}
      <IconButton label={t`New chat`} size="size-11" onClick={startNewSession}>
        <SquarePen className="size-5" aria-hidden="true" />
      </IconButton>
    </header>
  );
}
