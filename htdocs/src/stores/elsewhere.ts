/** The session on screen may continue in another tab or on another device; this page follows. */
import { isGone } from '../api/problem';
import { readSession } from '../api/sessions';
import { useAuth } from './auth';
import { useConversation } from './conversation';
import { lookAtInstructions, useInstructions } from './instructions';
import { learnChoice, lookAtChoice } from './models';
import { whenOtherTabActs, type News } from './otherTabs';
import { showRating } from './rate';
import { refreshSessions } from './sessionPages';
import { useSessionStore } from './sessions';

/** How often the server is asked, in milliseconds, while the page is visible. */
const lookEvery = 8000;
/** The other tab's request has to arrive first. */
const arrival = 400;

export function followElsewhere(): void {
  whenOtherTabActs(hear);
  const returned = (): void => {
    if (document.visibilityState === 'visible') catchUp();
  };
  document.addEventListener('visibilitychange', returned);
  window.addEventListener('focus', () => void look()); // two windows side by side are both visible all the time
  window.addEventListener('online', returned);
  setInterval(() => void look(), lookEvery);
  useSessionStore.subscribe(({ sessionList, currentSessionId }, before) => {
    const status = statusIn(sessionList, currentSessionId);
    if (status === 'streaming' && statusIn(before.sessionList, currentSessionId) === 'idle') catchUp();
  });
}

function hear(sessionId: string, news: News): void {
  if (news.kind === 'chat') setTimeout(() => lookAtChat(sessionId), arrival);
  if (useAuth.getState().phase !== 'in') return;
  const { conversation } = useConversation.getState();
  if (news.kind === 'choice') void lookAtChoice(sessionId);
  else if (news.kind === 'rating' && sessionId === conversation.sessionId) showRating(conversation, news.messageId, news.rating);
  else if (news.kind === 'instructions' && useInstructions.getState().known[sessionId] !== undefined) lookAtInstructions(sessionId).catch(() => undefined);
}

function lookAtChat(sessionId: string): void {
  if (sessionId === useSessionStore.getState().currentSessionId) catchUp();
  // A reader who returns to a tab has its list read anyway.
  if (document.visibilityState === 'visible' && useAuth.getState().phase === 'in') void refreshSessions();
}

function catchUp(): void {
  const { conversation } = useConversation.getState();
  if (useAuth.getState().phase === 'in') void conversation.catchUp();
}

/** The time of the session's last change that this page has seen. */
let seen = { sessionId: '', updateTime: '' };

async function look(): Promise<void> {
  const { conversation } = useConversation.getState();
  const { sessionId } = conversation;
  if (conversation.activity.kind === 'unreadable') return catchUp();
  if (sessionId === null || conversation.busy || document.visibilityState !== 'visible' || useAuth.getState().phase !== 'in') return;
  const session = await readSession(sessionId).catch((error: unknown) => (isGone(error) ? 'gone' : null));
  if (session === 'gone') conversation.becomeMissing();
  if (session === null || session === 'gone') return;
  learnChoice(session);
  const news = seen.sessionId === sessionId && seen.updateTime !== session.updateTime;
  seen = { sessionId, updateTime: session.updateTime };
  const title = titleIn(useSessionStore.getState().sessionList, sessionId);
  if (title !== undefined && title !== session.title) void refreshSessions();
  if (news || session.status === 'streaming') catchUp();
}

function titleIn(sessions: { id: string; title: string }[], id: string): string | undefined {
  return sessions.find((session) => session.id === id)?.title;
}

function statusIn(sessions: { id: string; status: string }[], id: string | null): string | undefined {
  return sessions.find((session) => session.id === id)?.status;
}
