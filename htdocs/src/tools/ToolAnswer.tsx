import { t } from '@lingui/core/macro';
import type { FormEvent } from 'react';
import type { Conversation } from '../chat/conversation';
import { answerTool, refuseTool } from '../chat/toolAnswers';
import { Button } from '../controls/Button';
import { focusComposer } from '../fields/focusComposer';
import { useAuth } from '../stores/auth';
import { draftKeyOf, useDrafts } from '../stores/drafts';

/** A call that the server does not answer: the reader answers it, or refuses to. */
export function ToolAnswer({ tool, toolCallId, conversation }: { tool: string; toolCallId: string; conversation: Conversation }) {
  const key = draftKeyOf(useAuth((state) => state.user?.id ?? ''), 'answer', toolCallId);
  const answer = useDrafts((state) => state.drafts[key] ?? '');
  const { setDraft } = useDrafts.getState();

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    focusComposer(); // this form disappears
    const given = await answerTool(conversation, tool, toolCallId, parsed(answer));
    // The draft stays until the server has the answer.
    if (given) setDraft(key, '');
  }

  function refuse(): void {
    focusComposer();
    void refuseTool(conversation, tool, toolCallId, t`The user declined to answer.`);
  }

  return (
    <form onSubmit={(event) => void send(event)} className="grid gap-2">
      <textarea
        dir="auto"
        rows={2}
        required
        value={answer}
        onChange={(event) => setDraft(key, event.currentTarget.value)}
        aria-label={t`Your answer to ${tool}`}
        placeholder={t`Your answer, as text or JSON`}
        className="field-sizing-content max-h-60 w-full resize-none rounded-lg border border-line-strong bg-page px-3 py-2 font-mono text-xs"
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="accent">{t`Answer`}</Button>
        <Button onClick={refuse}>{t`Decline`}</Button>
      </div>
    </form>
  );
}

/** The parsed JSON, or the text itself if it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
