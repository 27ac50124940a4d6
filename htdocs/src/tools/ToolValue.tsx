/** The input or output of a tool. */
export function ToolValue({ label, value }: { label: string; value: unknown }) {
  return (
    <div>
      <p className="mb-1 text-xs text-soft">{label}</p>
      <pre
        tabIndex={0}
        role="group"
        aria-label={label}
        dir="auto"
        className="max-h-80 overflow-auto rounded-lg bg-code p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere"
      >
        {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
      </pre>
    </div>
  );
}
