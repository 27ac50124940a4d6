import { useState } from 'react';
import { useAuth } from '../stores/auth';
import { draftKeyOf, useDrafts } from '../stores/drafts';

export interface Draft {
  text: string;
  change: (text: string) => void;
  /** It is saved, or not wanted. */
  forget: () => void;
}

/** A long text in a form: whatever closes the form, what was typed is there again. */
export function useDraft(of: string, stored: string): Draft {
  const key = draftKeyOf(useAuth((state) => state.user?.id ?? ''), 'instructions', of);
  const [text, setText] = useState(() => useDrafts.getState().drafts[key] ?? stored);
  const { setDraft } = useDrafts.getState();
  return {
    text,
    change: (changed) => {
      setText(changed);
      setDraft(key, changed === stored ? '' : changed);
    },
    forget: () => setDraft(key, ''),
  };
}
