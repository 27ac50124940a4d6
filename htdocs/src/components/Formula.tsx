import { withTexts } from '../i18n/language';
import type { FormulaProps } from './DrawnFormula';
import { FormulaSource } from './FormulaSource';
import { later } from './later';

/** KaTeX comes with the first formula. Until then dots stand for it; if it cannot come, its source does. */
const Drawn = later<FormulaProps>(
  async () => (await withTexts(import('./DrawnFormula'))).DrawnFormula,
  ({ tex }, problem) => (problem === null ? <span className="text-soft">…</span> : <FormulaSource tex={tex} />),
);

/** A formula that a model wrote (text/formulas.ts). */
export function Formula({ tex, kind }: FormulaProps) {
  return <Drawn tex={tex} kind={kind} />;
}
