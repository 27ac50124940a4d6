/** Which instructions apply, as far as is known, and which are being edited. */
import { create } from 'zustand';
import { readInstructions, saveInstructions, type Instructions } from '../api/instructions';
import { useAuth } from './auth';
import { tellOtherTabs } from './otherTabs';

/** By session; those for all chats have this key. */
export const forAll = '';

interface InstructionsStore {
  known: Record<string, Instructions>;
  /** The session whose instructions are being edited. */
  editing: string | null;
}

const initial: InstructionsStore = { known: {}, editing: null };

export const useInstructions = create<InstructionsStore>()(() => initial);

useAuth.subscribe(({ user }, before) => {
  if (user?.id !== before.user?.id) useInstructions.setState(initial, true);
});

const idOf = (key: string): string | null => (key === forAll ? null : key);

function keep(key: string, read: Instructions): void {
  useInstructions.setState(({ known }) => ({ known: { ...known, [key]: read } }));
}

export async function lookAtInstructions(key: string): Promise<void> {
  const reader = useAuth.getState().user?.id;
  const read = await readInstructions(idOf(key));
  if (useAuth.getState().user?.id === reader) keep(key, read);
}

export async function changeInstructions(key: string, text: string): Promise<void> {
  keep(key, await saveInstructions(idOf(key), text));
  tellOtherTabs(key, { kind: 'instructions' });
}

export function editInstructions(sessionId: string | null): void {
  useInstructions.setState({ editing: sessionId });
}
