import { create } from 'zustand';

/** The message that somebody has begun to change in this tab: its form takes the focus. What it holds is a draft. */
export const useEditing = create<{ messageId: string | null }>()(() => ({ messageId: null }));
