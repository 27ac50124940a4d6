import { useEffect, useRef, useState } from 'react';
import { onMac } from '../fields/shortcuts';

/** Whether the browser's own search has been opened since the last question was sent (`sent` counts them): it finds only what is in the document. */
export function useBrowserFind(sent: number): boolean {
  const [askedAt, setAskedAt] = useState<number | null>(null);
  const now = useRef(sent);
  useEffect(() => {
    now.current = sent;
  }, [sent]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (finds(event, onMac())) setAskedAt(now.current);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return askedAt === sent;
}

/** Also checks the key's position, because its letter may belong to another script. On a Mac, Ctrl and a letter edit the text. */
function finds({ key, code, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent, mac: boolean): boolean {
  if (key === 'F3') return true;
  if (altKey || (mac ? !metaKey || ctrlKey : !ctrlKey || metaKey)) return false;
  const is = (letter: string): boolean => key.toLowerCase() === letter || code === `Key${letter.toUpperCase()}`;
  return is('g') || (is('f') && !shiftKey);
}
