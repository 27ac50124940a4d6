import { useEffect, useState } from 'react';
import { search, type Hit } from '../api/search';

interface SearchState {
  /** The hits, and the text they belong to; null before the first answer. */
  found: { text: string; hits: Hit[] } | null;
  problem: unknown;
}

const typingPause = 200;

/** Searches when the reader stops typing. The previous hits stay until the new ones have arrived. */
export function useSearch(text: string, attempt: number): SearchState {
  const [state, setState] = useState<SearchState>({ found: null, problem: null });
  useEffect(() => {
    const left = new AbortController();
    const read = async (): Promise<void> => {
      try {
        const hits = await search(text, left.signal);
        setState({ found: { text, hits }, problem: null });
      } catch (problem) {
        if (!left.signal.aborted) setState({ found: null, problem });
      }
    };
    const timer = setTimeout(() => void read(), typingPause);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [text, attempt]);
  return state;
}
