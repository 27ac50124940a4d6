/** Whether the list of chats is folded on a wide screen. Stored for this device. */
import { create } from 'zustand';

const key = 'lamplight.sidebar';

export const useFolded = create<{ folded: boolean }>()(() => ({ folded: stored() }));

/** The focus moves if it was in the part that disappears. */
export function fold(folded: boolean): void {
  useFolded.setState({ folded });
  try {
    if (folded) localStorage.setItem(key, 'folded');
    else localStorage.removeItem(key);
  } catch {
    // Storage is blocked: the choice lasts until the page is closed.
  }
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.getElementById(folded ? 'unfold' : 'fold')?.focus();
  });
}

function stored(): boolean {
  try {
    return localStorage.getItem(key) === 'folded';
  } catch {
    return false;
  }
}
