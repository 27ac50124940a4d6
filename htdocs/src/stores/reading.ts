/** The reply that is being read aloud. The code for it is loaded on demand. */
import { create } from 'zustand';
import { withTexts } from '../i18n/language';

export const useReading = create<{ messageId: string | null }>()(() => ({ messageId: null }));

/** Counts the requests, so that late results are ignored. */
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
