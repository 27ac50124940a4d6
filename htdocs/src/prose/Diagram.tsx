import { t } from '@lingui/core/macro';
import { Code, Workflow } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../controls/Button';
import { isDrawing } from '../diagram/artist';
import type { Drawing, Refusal } from '../diagram/protocol';
import { look } from '../stores/viewer';
import { CodeFrame, CodeLines } from './CodeFrame';
import { useDrawing } from './useDrawing';

/** A complete diagram. Its source is shown until it is drawn, or if it cannot be. */
export function Diagram({ source }: { source: string }) {
  const [asSource, setAsSource] = useState(false);
  const answer = useDrawing(source);
  const drawing = answer !== null && isDrawing(answer) ? answer : null;
  const refusal = answer !== null && !isDrawing(answer) ? answer : null;
  const Icon = asSource ? Workflow : Code;
  return (
    <CodeFrame
      language="mermaid"
      code={source}
      lines={drawing === null || asSource}
      tools={
        drawing !== null && (
          <IconButton label={asSource ? t`Show diagram` : t`Show source`} onClick={() => setAsSource(!asSource)} size="size-8">
            <Icon className="size-4" aria-hidden="true" />
          </IconButton>
        )
      }
    >
      {refusal !== null && <div className="border-b border-line px-4 py-2.5 text-sm text-soft">{sentenceOf(refusal)}</div>}
      {drawing === null || asSource ? <CodeLines>{source}</CodeLines> : <Picture drawing={drawing} />}
    </CodeFrame>
  );
}

/** In a narrow place the drawing shrinks, but stays readable: beyond this factor it scrolls. */
const smallest = 0.6;

/** As an image, an SVG runs no script, follows no link and fetches nothing, whatever it contains. */
function Picture({ drawing: { svg, width, height } }: { drawing: Drawing }) {
  const src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  return (
    <div className="overflow-x-auto bg-page p-4" tabIndex={0} role="group" aria-label={t`Diagram`}>
      <button
        type="button"
        title={t`Enlarge`}
        onClick={() => look([{ kind: 'drawing', src, name: t`diagram`, svg, width, height }])}
        className="mx-auto block max-w-none print:max-w-full cursor-zoom-in rounded-md"
        style={{ width: `max(${Math.round(width * smallest)}px, min(100%, ${width}px))` }}
      >
        <img src={src} alt={t`Diagram; its source can be copied above`} width={width} height={height} className="h-auto w-full max-w-none" />
      </button>
    </div>
  );
}

function sentenceOf({ line }: Refusal): string {
  return line === null ? t`Can’t draw this diagram. Its source is below.` : t`Can’t draw this diagram: line ${line} of its source isn’t valid.`;
}
