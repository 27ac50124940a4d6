/**
 * The tools that the user lets run in a chat without asking. This browser approves the calls for them, so it applies only here, while the chat is
 * open; the server always asks a person.
 */
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';

/** In older chats the reader is asked again. */
const most = 100;

export const useAllowed = create<{ tools: Record<string, string[]> }>()(
  persist((): { tools: Record<string, string[]> } => ({ tools: {} }), {
    name: 'lamplight.allowed',
    storage: createJSONStorage(() => localStorage),
  }),
);

export function placeOf(userId: string, sessionId: string): string {
  return `${userId}/${sessionId}`;
}

export function allowHere(userId: string, sessionId: string, tool: string): void {
  const place = placeOf(userId, sessionId);
  useAllowed.setState(({ tools: { [place]: known = [], ...others } }) => ({
    tools: Object.fromEntries([...Object.entries(others).slice(1 - most), [place, [...new Set([...known, tool])]]]),
  }));
}

/** From now on the reader is asked again. */
export function askHereAgain(userId: string, sessionId: string): void {
  useAllowed.setState(({ tools: { [placeOf(userId, sessionId)]: _, ...others } }) => ({ tools: others }));
}

/** Deletes everything of a user, whose account is deleted. */
export function forgetAllowed(userId: string): void {
  useAllowed.setState(({ tools }) => ({ tools: Object.fromEntries(Object.entries(tools).filter(([place]) => !place.startsWith(`${userId}/`))) }));
}
