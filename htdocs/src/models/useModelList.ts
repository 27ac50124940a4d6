import { useEffect } from 'react';
import type { Model } from '../api/models';
import { lookAtAssistants } from '../stores/assistants';
import { lookAtModels, useModels } from '../stores/models';

/** A pointer that only passes by does not trigger the request. */
const pause = 500;
/** How often the list is checked, in milliseconds, while the page is visible. */
const lookEvery = 60_000;

/** The models that can be asked; empty until they are known. Read again from time to time, with the assistants, because somebody may add one. */
export function useModelList(): Model[] {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState !== 'visible') return;
      void lookAtModels();
      void lookAtAssistants();
    };
    const first = setTimeout(look, pause);
    const timer = setInterval(look, lookEvery);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return useModels((state) => state.models);
}
