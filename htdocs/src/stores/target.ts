import { create } from 'zustand';
import { messageOfUrl, urlOfMessage } from '../base';
import { useSessionStore } from './sessions';

/** The message at which the current session is to be opened; `asked` tells one asking from the next. */
export interface TargetStore {
  messageId: string | null;
  asked: number;
}

export const useTarget = create<TargetStore>()(() => ({ messageId: messageOfUrl(location.search), asked: 0 }));

/** As the address says, or nowhere in particular. */
export function setTarget(messageId: string | null): void {
  useTarget.setState(({ asked }) => ({ messageId, asked: asked + 1 }));
}

/** Opens a session at a message. */
export function openAt(sessionId: string, messageId: string): void {
  const url = urlOfMessage(sessionId, messageId);
  if (url !== location.pathname + location.search) history.pushState(null, '', url);
  setTarget(messageId);
  useSessionStore.getState().setCurrentSession(sessionId);
}
