import { useEffect, useState } from 'react';
import type { PluginConfig } from 'streamdown';

let loaded: PluginConfig | undefined;

/** The renderer of formulas, which is fetched with the first one. */
export function useMath(wanted: boolean): PluginConfig | undefined {
  const [plugins, setPlugins] = useState(loaded);
  useEffect(() => {
    if (!wanted || plugins !== undefined) return;
    void import('../text/mathPlugin').then(
      ({ mathPlugin }) => {
        loaded ??= { math: mathPlugin };
        setPlugins(loaded);
      },
      () => undefined, // the formula's source is shown
    );
  }, [wanted, plugins]);
  return wanted ? plugins : undefined;
}
