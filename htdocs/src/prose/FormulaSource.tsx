/** Shows a formula that cannot be drawn as it was written. */
export function FormulaSource({ tex }: { tex: string }) {
  return (
    <code dir="ltr" className="formula-source">
      {tex}
    </code>
  );
}
