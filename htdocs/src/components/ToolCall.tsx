import { getToolName, type DynamicToolUIPart, type ToolUIPart } from 'ai';
import { Wrench } from 'lucide-react';

const states: Record<ToolUIPart['state'], string> = {
  'input-streaming': 'being prepared',
  'input-available': 'called',
  'approval-requested': 'waits for approval',
  'approval-responded': 'answered',
  'output-available': 'done',
  'output-error': 'failed',
  'output-denied': 'denied',
};

/** A tool that the model called, with what went in and came out. */
export function ToolCall({ part }: { part: ToolUIPart | DynamicToolUIPart }) {
  return (
    <details className="rounded-xl border border-line bg-raised text-sm">
      <summary className="flex cursor-pointer items-center gap-2.5 px-3.5 py-2.5">
        <Wrench className="size-4 text-soft" aria-hidden="true" />
        <span className="font-medium">{getToolName(part)}</span>
        <span className="text-soft">{states[part.state]}</span>
      </summary>
      <div className="grid gap-2 border-t border-line p-3.5">
        <Value label="Input" value={part.input} />
        {part.state === 'output-available' && <Value label="Output" value={part.output} />}
        {part.state === 'output-error' && <p className="text-danger">{part.errorText}</p>}
      </div>
    </details>
  );
}

function Value({ label, value }: { label: string; value: unknown }) {
  return (
    <div>
      <p className="mb-1 text-xs text-soft">{label}</p>
      <pre className="overflow-x-auto rounded-lg bg-code p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
        {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
      </pre>
    </div>
  );
}
