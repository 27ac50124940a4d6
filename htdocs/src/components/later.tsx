import { useEffect, useState, type ComponentType, type ReactNode } from 'react';

/**
 * A component whose code comes later; until then, and when it cannot come (`problem`), `waiting` is shown. Like React's lazy, but what has come is shown at once:
 * Suspense lets every fallback stand for 300 ms, and these two (the workspace, the renderer) are what a reader waits for.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: (props: Props, problem: unknown) => ReactNode,
  /** When each that waits is to have it. */
  hand: (take: () => void) => void = (take) => take(),
): Later<Props> {
  let coming: Promise<ComponentType<Props>> | null = null;
  let come: ComponentType<Props> | null = null;

  async function fetchNow(): Promise<ComponentType<Props>> {
    try {
      come = await load();
      return come;
    } catch (error) {
      coming = null; // the next one who needs it tries again
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

/** `preload` fetches the code before it is needed; it resolves when that has come, or cannot come. */
export type Later<Props> = ComponentType<Props> & { preload: () => Promise<void> };
