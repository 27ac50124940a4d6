/** The same change to many sessions; only where there is something to pick from is this code fetched. */
import { changeSession, type Session, type SessionChange } from '../api/sessions';
import { tellOtherTabs } from './otherTabs';
import { place, refreshSessions } from './sessionPages';

/** Shown at once; what the server refuses is as it was, and the first refusal is thrown. */
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
