import { useSyncExternalStore } from 'react';

const speech = (): SpeechSynthesis | undefined => (globalThis as { speechSynthesis?: SpeechSynthesis }).speechSynthesis;

function subscribe(look: () => void): () => void {
  speech()?.addEventListener('voiceschanged', look);
  return () => speech()?.removeEventListener('voiceschanged', look);
}

/** Whether the browser can read aloud; many load their voices only after a while. */
export function useVoices(): boolean {
  return useSyncExternalStore(subscribe, () => (speech()?.getVoices().length ?? 0) > 0);
}
