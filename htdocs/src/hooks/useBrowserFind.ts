import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Whether the browser's own search has been asked for: it finds what is in the document, and has to find it there as soon as the key's listeners return. */
export function useBrowserFind(): boolean {
  const [finding, setFinding] = useState(false);
  useEffect(() => {
    const onKeyDown = ({ key, ctrlKey, metaKey }: KeyboardEvent): void => {
      if (key === 'F3' || ((ctrlKey || metaKey) && /^[fg]$/i.test(key))) flushSync(() => setFinding(true));
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return finding;
}
