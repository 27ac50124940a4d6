import { useEffect, useState } from 'react';
import { readTools } from '../api/tools';

/** What the operator says of a tool; null when nothing is known. `wanted`: somebody has to decide about it. */
export function useToolDescription(name: string, wanted: boolean): string | null {
  const [description, setDescription] = useState<string | null>(null);
  useEffect(() => {
    let current = wanted;
    if (wanted) {
      readTools().then(
        (tools) => current && setDescription(tools.find((tool) => tool.name === name)?.description ?? null),
        () => undefined, // what is asked is shown without it
      );
    }
    return () => {
      current = false;
    };
  }, [name, wanted]);
  return description;
}
