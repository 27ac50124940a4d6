import { Menu, SquarePen } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { User } from '../api/token';
import { IconButton } from '../components/Button';
import { Drawer } from '../components/Drawer';
import { preloadMarkdown } from '../components/Markdown';
import { Sidebar } from '../components/Sidebar';
import { useDocumentTitle } from '../hooks/useDocumentTitle';
import { useMediaQuery } from '../hooks/useMediaQuery';
import { newSession, useConversation } from '../stores/conversation';
import { useSessionStore } from '../stores/sessions';
import { ChatView } from './ChatView';

/** The page of somebody who is logged in: sessions at the side (a drawer on a phone), the conversation beside them. */
export function Workspace({ user }: { user: User }) {
  const wide = useMediaQuery('(min-width: 48rem)');
  const [drawerOpen, setDrawerOpen] = useState(false);
  const conversation = useConversation((state) => state.conversation);
  const title = useSessionStore((state) => state.sessionList.find(({ id }) => id === state.currentSessionId)?.title);
  useDocumentTitle(title === undefined ? 'Lamplight' : `${title} · Lamplight`);
  useEffect(preloadMarkdown, []);
  const closeDrawer = (): void => setDrawerOpen(false);

  return (
    <div className="flex h-full">
      {wide ? (
        <aside className="w-72 shrink-0 border-r border-line bg-panel">
          <Sidebar user={user} onChosen={closeDrawer} />
        </aside>
      ) : (
        <Drawer open={drawerOpen} onClose={closeDrawer} label="Sessions">
          <Sidebar user={user} onChosen={closeDrawer} />
        </Drawer>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <header className={wide ? 'sr-only' : 'flex items-center gap-1 border-b border-line px-2 py-1.5'}>
          {!wide && (
            <IconButton label="Open sessions" onClick={() => setDrawerOpen(true)}>
              <Menu className="size-5" aria-hidden="true" />
            </IconButton>
          )}
          <h1 className="min-w-0 flex-1 truncate text-center text-sm font-medium">{title ?? 'New session'}</h1>
          {!wide && (
            <IconButton label="New session" onClick={newSession}>
              <SquarePen className="size-5" aria-hidden="true" />
            </IconButton>
          )}
        </header>
        <ChatView conversation={conversation} user={user} />
      </div>
    </div>
  );
}
