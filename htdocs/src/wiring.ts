/** How the stores follow one another, the address bar and the clock. Called once, before the page is shown. */
import { sessionOfUrl, urlOfSession } from './base';
import { useAuth } from './stores/auth';
import { followCurrentSession, newSession, openConversation } from './stores/conversation';
import { forgetSessions, refreshSessions } from './stores/sessionPages';
import { useSessionStore } from './stores/sessions';

export function wire(): void {
  followAddress();
  useSessionStore.subscribe((store, before) => {
    if (store.currentSessionId !== before.currentSessionId) followCurrentSession();
  });
  followCurrentSession();
  followUser();
  keepListFresh();
}

/** The address names the session, so that a reload, a link or "back" comes to it. */
function followAddress(): void {
  const readAddress = (): void => {
    const sessionId = sessionOfUrl(location.pathname);
    const { setCurrentSession, clearCurrent } = useSessionStore.getState();
    if (sessionId === null) clearCurrent();
    else setCurrentSession(sessionId);
  };
  readAddress();
  window.addEventListener('popstate', readAddress);
  useSessionStore.subscribe(({ currentSessionId }) => {
    const url = urlOfSession(currentSessionId);
    if (url !== location.pathname) history.pushState(null, '', url);
  });
}

/** Sessions are read when somebody has logged in, and forgotten when that was somebody else. */
function followUser(): void {
  useAuth.subscribe((auth, before) => {
    if (before.user !== null && before.user.id !== auth.user?.id) {
      forgetSessions();
      newSession();
    }
    if (auth.phase === 'in' && before.phase !== 'in') {
      void refreshSessions();
      openConversation();
    }
  });
}

/** Replies may be running elsewhere: looks again when the page is looked at, and while one runs. */
function keepListFresh(): void {
  const refresh = (): void => {
    if (useAuth.getState().phase === 'in' && document.visibilityState === 'visible') void refreshSessions();
  };
  document.addEventListener('visibilitychange', refresh);
  setInterval(() => {
    const { sessionList, currentSessionId } = useSessionStore.getState();
    if (sessionList.some(({ id, status }) => status === 'streaming' && id !== currentSessionId)) refresh();
  }, 4000);
}
