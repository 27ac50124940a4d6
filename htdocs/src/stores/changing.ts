/** Applies one change to many sessions; loaded only where sessions can be selected. */
import { changeSession, type Session, type SessionChange } from '../api/sessions';
import { tellOtherTabs } from './otherTabs';
import { place, refreshSessions } from './sessionPages';

/** Shown at once; a refused change is reverted, and the first refusal is thrown. */
export async function changeAll(sessions: readonly Session[], wish: SessionChange): Promise<void> {
  const refusals: unknown[] = [];
  for (const session of sessions) place({ ...session, ...wish });
  for (const session of sessions) {
    try {
      place(await changeSession(session.id, wish));
    } catch (error) {
      place(session);
      refusals.push(error);
    }
    tellOtherTabs(session.id);
  }
  void refreshSessions();
  if (refusals.length > 0) throw refusals[0];
}
