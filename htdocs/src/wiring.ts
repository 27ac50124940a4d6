/** Connects the stores with one another, with the address bar and with the clock. Called once, before the workspace is shown. */
import { t } from '@lingui/core/macro';
import { linkedOfUrl, messageOfUrl, sessionOfUrl, urlOfSession } from './base';
import { dropKeys, holdKeys } from './kept/seal';
import { stopReading } from './stores/reading';
import { lookAtAssistants } from './stores/assistants';
import { leaveAttachments, loadAttachments } from './stores/attachments';
import { beginAsLeft, beginOrForget, followBegun } from './stores/begun';
import { useAllowed } from './stores/allowed';
import { useAuth } from './stores/auth';
import { followCurrentSession, followTarget, newSession, openConversation, openUnsent, useConversation } from './stores/conversation';
import { finishDeletionsOnLeaving, finishNoted, whenDeleted } from './stores/deletion';
import { keepDelivering } from './stores/delivery';
import { draftKeyOf, followDrafts, leaveDrafts, loadDrafts, useDrafts } from './stores/drafts';
import { useEditing } from './stores/editing';
import { followElsewhere } from './stores/elsewhere';
import { editInstructions } from './stores/instructions';
import { followModelLink, pickAssistant, useLastModel } from './stores/models';
import { discardOf, leaveOutbox, loadOutbox, useOutbox } from './stores/outbox';
import { sayError } from './stores/sayError';
import { findCurrent, forgetSessions, refreshSessions, useSessionPages } from './stores/sessionPages';
import { stopPicking } from './stores/selection';
import { useSessionStore } from './stores/sessions';
import { followDrawer, stepTo, useShell, viewOfHash } from './stores/shell';
import { followTitles } from './stores/titles';
import { setTarget, useTarget } from './stores/target';
import { closeOffers } from './stores/undo';
import { markSeen, useSeen } from './stores/unread';
import { useViewer } from './stores/viewer';

export function wire(): void {
  followAddress();
  followDrawer();
  useSessionStore.subscribe((store, before) => {
    if (store.currentSessionId === before.currentSessionId) return;
    followCurrentSession();
    if (useAuth.getState().phase === 'in') void findCurrent();
  });
  followCurrentSession();
  // The session of the message may become the current one in the same task.
  useTarget.subscribe(() => queueMicrotask(followTarget));
  followElsewhere();
  followTitles();
  followBegun();
  useConversation.subscribe(beginOrForget);
  keepDelivering();
  let saidUnkept = false;
  useDrafts.subscribe(({ unkept }, before) => {
    if (!unkept || before.unkept || saidUnkept) return;
    saidUnkept = true;
    sayError(t`This browser’s storage is full or blocked. What you type is kept only while this page is open.`);
  });
  // Reading aloud ends with the chat.
  useConversation.subscribe(stopReading);
  window.addEventListener('pagehide', stopReading);
  followUser();
  keepListFresh();
  followReader();
  shareWithOtherTabs();
  window.addEventListener('pagehide', () => {
    const { user } = useAuth.getState();
    if (user !== null) finishDeletionsOnLeaving(user.id);
  });
  whenDeleted(discardOf);
}

/** The address names the session, so that a reload, a link or "back" leads to it. */
function followAddress(): void {
  const readAddress = (): void => {
    const sessionId = sessionOfUrl(location.pathname);
    const messageId = messageOfUrl(location.search);
    const { setCurrentSession, clearCurrent } = useSessionStore.getState();
    if (messageId !== useTarget.getState().messageId) setTarget(messageId);
    const view = viewOfHash(location.hash);
    if (sessionId !== useSessionStore.getState().currentSessionId || view !== useShell.getState().view) closeAbove();
    useShell.setState({ view });
    if (sessionId === null) clearCurrent();
    else setCurrentSession(sessionId);
  };
  readAddress();
  window.addEventListener('popstate', readAddress);
  useSessionStore.subscribe(({ currentSessionId }) => {
    // An address that names no chat stays as it was typed, and the page says what is wrong with it.
    if (sessionOfUrl(location.pathname) === currentSessionId) return;
    stepTo(urlOfSession(currentSessionId));
    if (useTarget.getState().messageId !== null) setTarget(null);
    useShell.setState({ view: 'chat' });
  });
}

/** Panels above a chat close with it. What was typed in them is a draft. */
function closeAbove(): void {
  editInstructions(null);
  useViewer.setState({ exhibits: [], at: 0 });
}

/** Sessions are read when a user has logged in, and dropped when it is another user. Drafts are only there for their writer. */
function followUser(): void {
  useAuth.subscribe((auth, before) => {
    if (before.user !== null && before.user.id !== auth.user?.id) {
      forgetSessions();
      stopPicking();
      newSession();
    }
    if (auth.phase === 'in' && (before.phase !== 'in' || (before.offline && !auth.offline))) enter();
    if (auth.phase === 'out' && before.phase !== 'out') leave();
  });
  if (useAuth.getState().phase === 'in') enter();
}

function enter(): void {
  const { user, keys } = useAuth.getState();
  if (user === null) return;
  holdKeys(keys);
  loadDrafts(user.id);
  beginAsLeft();
  void loadAttachments(user.id).finally(beginOrForget);
  void loadOutbox(user.id).then(showUnsent);
  forgetExported(false);
  void finishNoted(user.id);
  void refreshSessions();
  openConversation();
  beginAsLinked();
}

/** Deletes export files that were written to the browser's disk. */
function forgetExported(all: boolean): void {
  void import('./kept/exported').then((exported) => exported.forgetExported(all ? { all } : {})).catch(() => undefined);
}

/** A link to a new chat with an assistant or a model is followed once, when a new chat is open and a user is logged in. */
function beginAsLinked(): void {
  const [assistant, model] = [linkedOfUrl(location.search, 'assistant'), linkedOfUrl(location.search, 'model')];
  if (assistant === null && model === null) return;
  history.replaceState(null, '', location.pathname + location.hash);
  if (useSessionStore.getState().currentSessionId !== null) return;
  const { conversation } = useConversation.getState();
  if (assistant !== null) pickAssistant(conversation, assistant);
  if (model !== null) void followModelLink(conversation, model);
  void lookAtAssistants();
}

function leave(): void {
  stopReading();
  closeOffers();
  // A user whom the server has logged out comes back; after a log-out by hand the next user may be another one.
  const forGood = useAuth.getState().user === null;
  leaveDrafts(forGood);
  leaveAttachments(forGood);
  dropKeys();
  forgetExported(true);
  useViewer.setState({ exhibits: [], at: 0 });
  useEditing.setState({ messageId: null });
  leaveOutbox();
}

/** A first message that could not be sent appears again where it was written: in a new session. */
function showUnsent(): void {
  const { conversation } = useConversation.getState();
  if (useSessionStore.getState().currentSessionId !== null || conversation.busy || conversation.chat.messages.length > 0) return;
  const last = useOutbox.getState().entries.findLast(({ sessionId, edits }) => sessionId === null && edits === null);
  if (last !== undefined) openUnsent(last.chatId);
}

/** How often the list is checked, in milliseconds: while a reply is running elsewhere (also in a hidden tab), and otherwise. */
const busyPause = 4000;
const hiddenPause = 15_000;
const idlePause = 60_000;

/** Replies may be running elsewhere, so the list is checked when the page becomes visible, and from time to time. */
function keepListFresh(): void {
  let last = Date.now();
  const refresh = (): void => {
    if (useAuth.getState().phase !== 'in') return;
    last = Date.now();
    void refreshSessions();
  };
  const visible = (): boolean => document.visibilityState === 'visible';
  document.addEventListener('visibilitychange', () => visible() && refresh());
  // Two windows side by side are both visible all the time, so focus counts.
  window.addEventListener('focus', () => Date.now() - last >= busyPause && refresh());
  setInterval(() => {
    const { sessionList, currentSessionId } = useSessionStore.getState();
    const busy = sessionList.some(({ id, status }) => status === 'streaming' && id !== currentSessionId);
    const pause = visible() ? (busy ? busyPause : idlePause) : busy ? hiddenPause : Infinity;
    if (Date.now() - last >= pause) refresh();
  }, busyPause);
}

/** Marks what is on screen as read. */
function followReader(): void {
  const look = (): void => {
    const { user, phase } = useAuth.getState();
    const { sessionList, currentSessionId } = useSessionStore.getState();
    const { elsewhere } = useSessionPages.getState();
    if (phase !== 'in' || user === null || document.visibilityState !== 'visible') return;
    const known = elsewhere === null ? sessionList : [...sessionList, elsewhere];
    if (known.length > 0) markSeen(user.id, known, currentSessionId);
  };
  useSessionStore.subscribe(look);
  useSessionPages.subscribe(look);
  document.addEventListener('visibilitychange', look);
}

/** The message whose form is open in this tab. */
function heldBy(userId: string): string | null {
  const { messageId } = useEditing.getState();
  return messageId === null ? null : draftKeyOf(userId, 'edit', messageId);
}

/** Keeps what tabs store in the browser the same in all of them. */
function shareWithOtherTabs(): void {
  window.addEventListener('storage', ({ key }) => {
    const { user, phase } = useAuth.getState();
    if (phase === 'in' && user !== null) followDrafts(user.id, key, heldBy(user.id));
    for (const store of [useSeen, useAllowed, useLastModel]) if (key === store.persist.getOptions().name) void store.persist.rehydrate();
  });
}
