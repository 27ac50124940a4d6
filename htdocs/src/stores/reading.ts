/** Which reply is being read out. What reads is fetched when it is asked for. */
import { create } from 'zustand';
import { withTexts } from '../i18n/language';

export const useReading = create<{ messageId: string | null }>()(() => ({ messageId: null }));

/** Counts what was asked for, so that what comes late is for nobody. */
let asked = 0;

export async function readAloud(messageId: string, markdown: string): Promise<void> {
  stopReading();
  const mine = asked;
  useReading.setState({ messageId });
  try {
    const { speak } = await withTexts(import('../speech/speak'));
    if (mine === asked) await speak(markdown, () => mine === asked);
  } finally {
    if (mine === asked) useReading.setState({ messageId: null });
  }
}

export function stopReading(): void {
  asked++;
  if (useReading.getState().messageId === null) return;
  useReading.setState({ messageId: null });
  speechSynthesis.cancel();
}
