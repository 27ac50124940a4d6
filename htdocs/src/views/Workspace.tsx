import { t } from '@lingui/core/macro';
import { lazy, useEffect } from 'react';
import type { Session } from '../api/sessions';
import type { User } from '../api/token';
import { Missing, Piece } from '../controls/Boundary';
import { Drawer } from '../controls/Drawer';
import { later } from '../controls/later';
import { Notice } from '../controls/Notice';
import { ChatBar } from '../conversation/ChatBar';
import { OfflineNote } from '../conversation/OfflineNote';
import { useMediaQuery } from '../hooks/useMediaQuery';
import { withTexts } from '../i18n/language';
import { preloadMarkdown } from '../prose/Markdown';
import { Sidebar } from '../sessions/Sidebar';
import { useConversation } from '../stores/conversation';
import { fold, useFolded } from '../stores/folded';
import { useInstructions } from '../stores/instructions';
import { showView, useShell, type AdminPage, type View } from '../stores/shell';
import { ChatView } from './ChatView';
import { useAdmin } from './useAdmin';
import { useCurrentSession } from './useCurrentSession';
import { useDocumentTitle } from './useDocumentTitle';
import { useShortcuts } from './useShortcuts';
import { useUnreadCount } from './useUnreadCount';

/** Needed only when somebody drags a file here. */
const DropZone = later<{ user: User }>(async () => (await withTexts(import('../composer/DropZone'))).DropZone, () => null);

/** Rarely needed, so it is loaded on demand. */
const ArchivedNote = later<{ session: Session }>(async () => (await withTexts(import('../conversation/ArchivedNote'))).ArchivedNote, (_, problem) => (problem === null ? null : <Missing />));

const TemporaryNote = later<{ session: Session }>(async () => (await withTexts(import('../conversation/TemporaryNote'))).TemporaryNote, (_, problem) => (problem === null ? null : <Missing />));

const AdminView = lazy(() => withTexts(import('../admin/AdminView')));
const AccountView = lazy(() => withTexts(import('./AccountView')));
const ArchiveView = lazy(() => withTexts(import('./ArchiveView')));
const LibraryView = lazy(() => withTexts(import('../library/LibraryView')));
const InstructionsDialog = lazy(() => withTexts(import('../models/InstructionsDialog')));
const ShortcutSheet = lazy(() => withTexts(import('../account/ShortcutSheet')));

const closeDrawer = (): void => useShell.setState({ drawerOpen: false });

/** The page of a logged-in user: sessions at the side (a drawer on a phone), and the conversation beside them. */
export function Workspace({ user }: { user: User }) {
  const wide = useMediaQuery('(min-width: 48rem)');
  const { view, drawerOpen, shortcutsOpen } = useShell();
  const instructionsOf = useInstructions((state) => state.editing);
  const folded = useFolded((state) => state.folded);
  const session = useCurrentSession();
  const title = session?.title;
  const unread = useUnreadCount();
  const news = unread === 0 ? '' : `(${unread}) `;
  const page = view === 'chat' ? title : nameOf(view);
  useDocumentTitle(news + (page === undefined || page === '' ? 'Lamplight' : `${page} · Lamplight`));
  useShortcuts(wide);
  useEffect(() => void preloadMarkdown(), []);

  return (
    <div className="flex h-full">
      <SkipLink />
      {wide ? (
        !folded && (
          <aside className="w-72 shrink-0 border-r border-line bg-panel">
            <Sidebar user={user} onChosen={closeDrawer} onFold={() => fold(true)} />
          </aside>
        )
      ) : (
        <Drawer open={drawerOpen} onClose={closeDrawer} label={t`Chats`}>
          <Sidebar user={user} onChosen={closeDrawer} />
        </Drawer>
      )}
      <div id="content" className="flex min-w-0 flex-1 flex-col" inert={drawerOpen && !wide}>
        <ChatBar wide={wide} session={session} title={view === 'chat' ? (title ?? t`New chat`) : null} />
        <OfflineNote />
        {view === 'chat' ? <Chat user={user} /> : <Piece of={view}><Page view={view} user={user} /></Piece>}
      </div>
      {instructionsOf !== null && (
        <Piece floats of={instructionsOf}>
          <InstructionsDialog sessionId={instructionsOf} />
        </Piece>
      )}
      <DropZone user={user} />
      {shortcutsOpen && (
        <Piece floats>
          <ShortcutSheet onClose={() => useShell.setState({ shortcutsOpen: false })} />
        </Piece>
      )}
    </div>
  );
}

/** The name of a page for the tab and the browser's history; administrators' pages have their own texts, which may not be loaded yet. */
function nameOf(view: Exclude<View, 'chat'>): string {
  switch (view) {
    case 'account': return t`Account`;
    case 'archive': return t`Archive`;
    case 'assistants': return t`Assistants`;
    case 'prompts': return t`Prompts`;
    default: return '';
  }
}

/** Shown in place of the conversation. */
function Page({ view, user }: { view: Exclude<View, 'chat'>; user: User }) {
  switch (view) {
    case 'account': return <AccountView user={user} />;
    case 'archive': return <ArchiveView />;
    case 'assistants':
    case 'prompts': return <LibraryView view={view} />;
    default: return <Administration view={view} />;
  }
}

/** Nothing of it stays on screen if the role was withdrawn. */
function Administration({ view }: { view: AdminPage }) {
  return useAdmin() === false ? (
    <div className="m-auto w-full max-w-lg p-6">
      <Notice calm sentence={t`Only administrators can see this.`} retryLabel={t`Back to the chat`} onRetry={() => showView('chat')} />
    </div>
  ) : (
    <AdminView view={view} />
  );
}

/** The first stop of the keyboard: skips the list of chats. */
function SkipLink() {
  return (
    // biome-ignore lint/a11y/useValidAnchor: a link, as everywhere; its address alone would be a step in the history of chats
    <a
      href="#content"
      onClick={(event) => {
        event.preventDefault(); // the address belongs to the chat
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
      {session?.temporary === true && <TemporaryNote session={session} />}
      <ChatView conversation={conversation} user={user} />
    </>
  );
}
