/** How the stores follow one another, the address bar and the clock. Called once, before the workspace is shown. */
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
  // The session that the message is in may become the current one in the same breath.
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
  // What is read out belongs to the chat that is open.
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

/** The address names the session, so that a reload, a link or "back" comes to it. */
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
    // An address that names no chat stays as it was typed, and its reader sees what is wrong with it.
    if (sessionOfUrl(location.pathname) === currentSessionId) return;
    stepTo(urlOfSession(currentSessionId));
    if (useTarget.getState().messageId !== null) setTarget(null);
    useShell.setState({ view: 'chat' });
  });
}

/** What lies above a chat is left with it. What was typed there is a draft. */
function closeAbove(): void {
  editInstructions(null);
  useViewer.setState({ exhibits: [], at: 0 });
}

/** Sessions are read when somebody has logged in, and forgotten when that was somebody else. What was typed is there with its writer only. */
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

/** What was written into the browser to be taken out of it. */
function forgetExported(all: boolean): void {
  void import('./kept/exported').then((exported) => exported.forgetExported(all ? { all } : {})).catch(() => undefined);
}

/** A link to a new chat with an assistant or a model is followed once: where one is open, and somebody is there to write in it. */
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
  // Who was logged out by the server comes back; who has logged out may be somebody else next.
  const forGood = useAuth.getState().user === null;
  leaveDrafts(forGood);
  leaveAttachments(forGood);
  dropKeys();
  forgetExported(true);
  useViewer.setState({ exhibits: [], at: 0 });
  useEditing.setState({ messageId: null });
  leaveOutbox();
}

/** A first message that could not be sent is on screen again where it was written: in a new session. */
function showUnsent(): void {
  const { conversation } = useConversation.getState();
  if (useSessionStore.getState().currentSessionId !== null || conversation.busy || conversation.chat.messages.length > 0) return;
  const last = useOutbox.getState().entries.findLast(({ sessionId, edits }) => sessionId === null && edits === null);
  if (last !== undefined) openUnsent(last.chatId);
}

/** How often the list is looked at, in milliseconds: while a reply is running elsewhere (in a tab that is not looked at, too), and at all. */
const busyPause = 4000;
const hiddenPause = 15_000;
const idlePause = 60_000;

/** Replies may be running elsewhere: looks again when the page is looked at, and now and then. */
function keepListFresh(): void {
  let last = Date.now();
  const refresh = (): void => {
    if (useAuth.getState().phase !== 'in') return;
    last = Date.now();
    void refreshSessions();
  };
  const visible = (): boolean => document.visibilityState === 'visible';
  document.addEventListener('visibilitychange', () => visible() && refresh());
  // Of two windows side by side, both are visible all the time.
  window.addEventListener('focus', () => Date.now() - last >= busyPause && refresh());
  setInterval(() => {
    const { sessionList, currentSessionId } = useSessionStore.getState();
    const busy = sessionList.some(({ id, status }) => status === 'streaming' && id !== currentSessionId);
    const pause = visible() ? (busy ? busyPause : idlePause) : busy ? hiddenPause : Infinity;
    if (Date.now() - last >= pause) refresh();
  }, busyPause);
}

/** What is on screen is read. */
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

/** What tabs keep in the browser's storage is the same in all of them. */
function shareWithOtherTabs(): void {
  window.addEventListener('storage', ({ key }) => {
    const { user, phase } = useAuth.getState();
    if (phase === 'in' && user !== null) followDrafts(user.id, key, heldBy(user.id));
    for (const store of [useSeen, useAllowed, useLastModel]) if (key === store.persist.getOptions().name) void store.persist.rehydrate();
  });
}
