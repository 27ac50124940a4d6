import { useEffect } from 'react';
import type { Model } from '../api/models';
import { lookAtAssistants } from '../stores/assistants';
import { lookAtModels, useModels } from '../stores/models';

/** Whoever only passes by does not ask. */
const pause = 500;
/** How often it is looked whether there are others, in milliseconds, while the page is looked at. */
const lookEvery = 60_000;

/** The models that can be asked; none until they are known. Read again now and then, with the assistants: somebody may add one. */
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
