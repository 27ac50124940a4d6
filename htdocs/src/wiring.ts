/** How the stores follow one another, the address bar and the clock. Called once, before the workspace is shown. */
import { messageOfUrl, sessionOfUrl, urlOfSession } from './base';
import { useAuth } from './stores/auth';
import { followCurrentSession, followTarget, newSession, openConversation } from './stores/conversation';
import { finishDeletionsOnLeaving } from './stores/deletion';
import { useDrafts } from './stores/drafts';
import { followElsewhere } from './stores/elsewhere';
import { findCurrent, forgetSessions, refreshSessions } from './stores/sessionPages';
import { stopPicking } from './stores/selection';
import { useSessionStore } from './stores/sessions';
import { useShell, viewOfHash } from './stores/shell';
import { setTarget, useTarget } from './stores/target';
import { markSeen, useSeen } from './stores/unread';

export function wire(): void {
  followAddress();
  useSessionStore.subscribe((store, before) => {
    if (store.currentSessionId === before.currentSessionId) return;
    followCurrentSession();
    if (useAuth.getState().phase === 'in') void findCurrent();
  });
  followCurrentSession();
  // The session that the message is in may become the current one in the same breath.
  useTarget.subscribe(() => queueMicrotask(followTarget));
  followElsewhere();
  followUser();
  keepListFresh();
  followReader();
  shareWithOtherTabs();
  window.addEventListener('pagehide', finishDeletionsOnLeaving);
}

/** The address names the session, so that a reload, a link or "back" comes to it. */
function followAddress(): void {
  const readAddress = (): void => {
    const sessionId = sessionOfUrl(location.pathname);
    const messageId = messageOfUrl(location.search);
    const { setCurrentSession, clearCurrent } = useSessionStore.getState();
    if (messageId !== useTarget.getState().messageId) setTarget(messageId);
    useShell.setState({ view: viewOfHash(location.hash) });
    if (sessionId === null) clearCurrent();
    else setCurrentSession(sessionId);
  };
  readAddress();
  window.addEventListener('popstate', readAddress);
  useSessionStore.subscribe(({ currentSessionId }) => {
    const url = urlOfSession(currentSessionId);
    if (url === location.pathname) return;
    history.pushState(null, '', url);
    if (useTarget.getState().messageId !== null) setTarget(null);
    useShell.setState({ view: 'chat' });
  });
}

/** Sessions are read when somebody has logged in, and forgotten when that was somebody else. */
function followUser(): void {
  const read = (): void => {
    void refreshSessions();
    openConversation();
  };
  useAuth.subscribe((auth, before) => {
    if (before.user !== null && before.user.id !== auth.user?.id) {
      forgetSessions();
      stopPicking();
      newSession();
    }
    if (auth.phase === 'in' && before.phase !== 'in') read();
  });
  if (useAuth.getState().phase !== 'in') return;
  void refreshSessions();
  // A session that the address names has been opened with it.
  if (useSessionStore.getState().currentSessionId === null) openConversation();
}

/** How often the list is looked at, in milliseconds: while a reply is running elsewhere, and at all. */
const busyPause = 4000;
const idlePause = 60_000;

/** Replies may be running elsewhere: looks again when the page is looked at, and now and then. */
function keepListFresh(): void {
  let last = Date.now();
  const refresh = (): void => {
    if (useAuth.getState().phase !== 'in' || document.visibilityState !== 'visible') return;
    last = Date.now();
    void refreshSessions();
  };
  document.addEventListener('visibilitychange', refresh);
  setInterval(() => {
    const { sessionList, currentSessionId } = useSessionStore.getState();
    const busy = sessionList.some(({ id, status }) => status === 'streaming' && id !== currentSessionId);
    if (busy || Date.now() - last >= idlePause) refresh();
  }, busyPause);
}

/** What is on screen is read. */
function followReader(): void {
  const look = (): void => {
    const { user, phase } = useAuth.getState();
    const { sessionList, currentSessionId } = useSessionStore.getState();
    if (phase !== 'in' || user === null || document.visibilityState !== 'visible') return;
    if (sessionList.length > 0) markSeen(user.id, sessionList, currentSessionId);
  };
  useSessionStore.subscribe(look);
  document.addEventListener('visibilitychange', look);
}

/** What tabs keep in the browser's storage is the same in all of them. */
function shareWithOtherTabs(): void {
  const shared = [useDrafts, useSeen];
  window.addEventListener('storage', ({ key }) => {
    for (const { persist } of shared) if (persist.getOptions().name === key) void persist.rehydrate();
  });
}
