import { useEffect, useState, type ComponentType, type ReactNode } from 'react';

/**
 * A component whose code is loaded later; until then, and if loading fails (`problem`), `waiting` is shown. It is like React's lazy, but shows loaded
 * code at once: Suspense keeps every fallback for 300 ms, and a reader waits for these two (the workspace, the renderer).
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: (props: Props, problem: unknown) => ReactNode,
  /** Decides when each waiting part gets it. */
  hand: (take: () => void) => void = (take) => take(),
): Later<Props> {
  let coming: Promise<ComponentType<Props>> | null = null;
  let come: ComponentType<Props> | null = null;

  async function fetchNow(): Promise<ComponentType<Props>> {
    try {
      come = await load();
      return come;
    } catch (error) {
      coming = null; // the next use tries again
      throw error;
    }
  }
  const preload = (): Promise<ComponentType<Props>> => (coming ??= fetchNow());

  function Shown(props: Props): ReactNode {
    const [Body, setBody] = useState(() => come);
    const [problem, setProblem] = useState<unknown>(null);
    useEffect(() => {
      if (Body === null) preload().then((component) => hand(() => setBody(() => component)), setProblem);
    }, [Body]);
    return Body === null ? waiting(props, problem) : <Body {...props} />;
  }
  return Object.assign(Shown, { preload: () => preload().then(() => undefined, () => undefined) });
}

/** `preload` loads the code before it is needed; it resolves when that has succeeded or failed. */
type Later<Props> = ComponentType<Props> & { preload: () => Promise<void> };
