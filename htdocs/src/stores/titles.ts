/** The model gives a chat a title after its first reply, some seconds later; every tab then reads the list again. */
import { readConfig } from '../api/config';
import { readSession, type Session } from '../api/sessions';
import { useAuth } from './auth';
import { refreshSessions } from './sessionPages';
import { useSessionStore } from './sessions';

/** The delays between checks, in milliseconds. */
const pauses = [1000, 2000, 4000, 8000, 16_000];
/** The server tries it with the first turns only. */
const turns = 3;
const youngMs = 3_600_000;

/** How often a chat's title was checked. */
const looked = new Map<string, number>();

export function followTitles(): void {
  useSessionStore.subscribe(({ sessionList }, before) => {
    if (sessionList === before.sessionList) return;
    const running = before.sessionList.filter(({ status }) => status === 'streaming');
    for (const { id } of running) {
      const session = sessionList.find((other) => other.id === id);
      if (session?.status === 'idle' && mayBeNamed(session)) void lookForTitle(session);
    }
  });
}

function mayBeNamed({ id, createTime, updateTime }: Session): boolean {
  const n = looked.get(id) ?? 0;
  if (n >= turns || Date.parse(updateTime) - Date.parse(createTime) > youngMs) return false;
  looked.set(id, n + 1);
  return true;
}

async function lookForTitle({ id, title }: Session): Promise<void> {
  const config = await readConfig().catch(() => null);
  if (config?.titles !== true) return;
  for (const pause of pauses) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (useAuth.getState().phase !== 'in') return;
    const session = await readSession(id).catch(() => null);
    if (session === null) return;
    if (session.title === title) continue;
    looked.set(id, turns);
    return refreshSessions();
  }
}
