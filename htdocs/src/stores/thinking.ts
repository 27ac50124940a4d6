import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';

/** How many seconds each piece of reasoning took, if this tab has seen it; the server does not store that. */
export const useThinking = create<{ seconds: Record<string, number> }>()(
  persist((): { seconds: Record<string, number> } => ({ seconds: {} }), {
    name: 'lamplight.thinking',
    storage: createJSONStorage(() => sessionStorage),
  }),
);

export function keepThinkingTime(id: string, time: number): void {
  useThinking.setState(({ seconds }) => ({ seconds: { ...seconds, [id]: time } }));
}
