import { later } from '../controls/later';
import { withTexts } from '../i18n/language';
import type { FormulaProps } from './DrawnFormula';
import { FormulaSource } from './FormulaSource';

/** KaTeX is loaded with the first formula. Until then dots are shown; if loading fails, the source. */
const Drawn = later<FormulaProps>(
  async () => (await withTexts(import('./DrawnFormula'))).DrawnFormula,
  ({ tex }, problem) => (problem === null ? <span className="text-soft">…</span> : <FormulaSource tex={tex} />),
);

/** A formula written by a model (markdown/formulas.ts). */
export function Formula({ tex, kind }: FormulaProps) {
  return <Drawn tex={tex} kind={kind} />;
}
