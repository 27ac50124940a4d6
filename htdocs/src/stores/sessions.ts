import { create } from 'zustand';
import type { Session } from '../api/sessions';

/** The sessions that the page knows, and the open one. `currentSessionId` is null for a new session without messages. */
interface SessionStore {
  sessionList: Session[];
  currentSessionId: string | null;
  setCurrentSession: (sessionId: string) => void;
  setSessionList: (sessions: Session[]) => void;
  /** Puts a session at the top of the list; one with the same id is replaced. */
  addSession: (session: Session) => void;
  clearCurrent: () => void;
}

export const useSessionStore = create<SessionStore>()((set) => ({
  sessionList: [],
  currentSessionId: null,
  setCurrentSession: (sessionId) => set({ currentSessionId: sessionId }),
  setSessionList: (sessions) => set({ sessionList: sessions }),
  addSession: (session) =>
    set(({ sessionList }) => ({
      sessionList: [session, ...sessionList.filter(({ id }) => id !== session.id)],
    })),
  clearCurrent: () => set({ currentSessionId: null }),
}));
