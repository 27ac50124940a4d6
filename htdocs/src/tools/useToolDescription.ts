import { useEffect, useState } from 'react';
import { readTools } from '../api/tools';

/** The operator's description of a tool; null if there is none. `wanted`: somebody has to decide about it. */
export function useToolDescription(name: string, wanted: boolean): string | null {
  const [description, setDescription] = useState<string | null>(null);
  useEffect(() => {
    let current = wanted;
    if (wanted) {
      readTools().then(
        (tools) => current && setDescription(tools.find((tool) => tool.name === name)?.description ?? null),
        () => undefined, // the question is shown without it
      );
    }
    return () => {
      current = false;
    };
  }, [name, wanted]);
  return description;
}
