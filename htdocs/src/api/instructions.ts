/** A user's instructions to the model: for all chats (null), or for one. */
import { call } from './http';

export interface Instructions {
  instructions: string;
  /** In characters. */
  maxLength: number;
}

const path = (sessionId: string | null): string => (sessionId === null ? 'me/instructions' : `ai/sessions/${sessionId}/instructions`);

export async function readInstructions(sessionId: string | null): Promise<Instructions> {
  return (await (await call('GET', path(sessionId))).json()) as Instructions;
}

/** An empty text means none. The answer contains what is stored. */
export async function saveInstructions(sessionId: string | null, instructions: string): Promise<Instructions> {
  return (await (await call('PATCH', path(sessionId), { instructions })).json()) as Instructions;
}
