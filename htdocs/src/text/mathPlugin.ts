import rehypeKatex from 'rehype-katex';
import remarkMath from 'remark-math';
import type { MathPlugin } from 'streamdown';

/** KaTeX as MathML, which the browser draws itself: no fonts, no style sheet, and a screen reader can read it. */
export const mathPlugin: MathPlugin = {
  name: 'katex',
  type: 'math',
  remarkPlugin: [remarkMath, { singleDollarTextMath: false }],
  rehypePlugin: [rehypeKatex, { output: 'mathml', strict: 'ignore', trust: false, maxSize: 20, maxExpand: 500, errorColor: 'currentColor' }],
};
