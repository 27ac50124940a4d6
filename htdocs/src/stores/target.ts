import { create } from 'zustand';
import { messageOfUrl, urlOfMessage } from '../base';
import { useSessionStore } from './sessions';
import { stepTo } from './shell';

/** The message at which the current session should open; `asked` distinguishes one request from the next. */
interface TargetStore {
  messageId: string | null;
  /** The words that were searched for. */
  words: string;
  asked: number;
}

export const useTarget = create<TargetStore>()(() => ({ messageId: messageOfUrl(location.search), words: '', asked: 0 }));

/** As in the address, or no particular message. */
export function setTarget(messageId: string | null, words = ''): void {
  useTarget.setState(({ asked }) => ({ messageId, words, asked: asked + 1 }));
}

/** Opens a session at a message, and marks the words in it. */
export function openAt(sessionId: string, messageId: string, words: string): void {
  const url = urlOfMessage(sessionId, messageId);
  if (url !== location.pathname + location.search) stepTo(url);
  setTarget(messageId, words);
  useSessionStore.getState().setCurrentSession(sessionId);
}
