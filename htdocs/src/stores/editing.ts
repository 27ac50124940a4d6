import { create } from 'zustand';

/** The message that is being edited in this tab: its form takes the focus. Its text is a draft. */
export const useEditing = create<{ messageId: string | null }>()(() => ({ messageId: null }));
