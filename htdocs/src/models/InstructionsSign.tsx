import { t } from '@lingui/core/macro';
import { NotebookPen } from 'lucide-react';
import { useEffect } from 'react';
import { IconButton } from '../controls/Button';
import { editInstructions, forAll, lookAtInstructions, useInstructions } from '../stores/instructions';

/** A pointer that only passes by does not trigger the request. */
const pause = 800;

/** Shown in the bar above a chat in which the user's own instructions apply. */
export function InstructionsSign({ sessionId }: { sessionId: string }) {
  const active = useInstructions(({ known }) => [forAll, sessionId].some((key) => (known[key]?.instructions ?? '') !== ''));
  useEffect(() => {
    const timer = setTimeout(() => {
      const { known } = useInstructions.getState();
      for (const key of [forAll, sessionId]) if (known[key] === undefined) lookAtInstructions(key).catch(() => undefined);
    }, pause);
    return () => clearTimeout(timer);
  }, [sessionId]);

  return active ? (
    <IconButton label={t`Instructions are active`} size="size-9 pointer-coarse:size-11" onClick={() => editInstructions(sessionId)}>
      <NotebookPen className="size-4" aria-hidden="true" />
    </IconButton>
  ) : null;
}
