import { t } from '@lingui/core/macro';
import katex, { type KatexOptions } from 'katex';
import { createElement, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { mathmlOf } from '../formula/mathml';
import { hasNumbers, putNumbers, type Reading } from '../formula/numbers';
import type { TreeNode } from '../formula/tree';
import { FormulaSource } from './FormulaSource';

/** `block`: on lines of its own. `large`: within a line, but in display size. */
export type FormulaProps = { tex: string; kind: 'block' | 'inline' | 'large' };

/** Limits the cost of a hostile formula. */
const bounds = { maxSize: 20, maxExpand: 500 };

/** KaTeX as MathML, which the browser lays out itself and a screen reader can read. A wide formula scrolls. */
export function DrawnFormula({ tex, kind }: FormulaProps) {
  const math = useMemo(() => draw(tex, kind !== 'inline'), [tex, kind]);
  const box = useRef<HTMLSpanElement>(null);
  const wide = useIsWide(box);
  if (math === null) return <FormulaSource tex={tex} />;
  return (
    <span
      ref={box}
      dir="ltr"
      className={kind === 'block' ? `formula formula-block ${wide ? 'shaded-ends' : ''}` : 'formula'}
      {...(wide && { tabIndex: 0, role: 'group', 'aria-label': t`Formula` })}
    >
      {createElement('math', { display: kind === 'block' ? 'block' : 'inline', ...(kind === 'large' && { displaystyle: 'true' }) }, math)}
    </span>
  );
}

/** KaTeX's internal steps before it writes HTML or MathML, so no text has to be parsed again. Its types do not include them. */
const { __renderToDomTree: treeOf, __parse: readingOf } = katex as unknown as {
  __renderToDomTree: (tex: string, options: KatexOptions) => TreeNode;
  __parse: (tex: string, options: KatexOptions) => Reading[];
};

function draw(tex: string, displayMode: boolean): ReactNode {
  try {
    const options: KatexOptions = { ...bounds, displayMode, output: 'mathml', strict: 'ignore', trust: false, throwOnError: true, errorColor: 'currentColor' };
    const tree = treeOf(tex, options);
    if (hasNumbers(tree)) putNumbers(tree, readingOf(tex, options));
    return mathmlOf(tree);
  } catch {
    return null; // it is not TeX, or only in part
  }
}

/** The keyboard must reach what scrolls, and nothing else. */
function useIsWide(box: RefObject<HTMLElement | null>): boolean {
  const [wide, setWide] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth + 1));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return wide;
}
