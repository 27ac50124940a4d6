import { t } from '@lingui/core/macro';
import { useState, type FormEvent } from 'react';
import type { Conversation } from '../chat/conversation';
import { Button } from './Button';
import { focusComposer } from './focusComposer';

/** A call that the server does not answer: the reader does, or refuses to. */
export function ToolAnswer({ tool, toolCallId, conversation }: { tool: string; toolCallId: string; conversation: Conversation }) {
  const [answer, setAnswer] = useState('');

  function send(event: FormEvent): void {
    event.preventDefault();
    focusComposer(); // this form goes
    void conversation.answerTool(tool, toolCallId, parsed(answer));
  }

  function refuse(): void {
    focusComposer();
    void conversation.refuseTool(tool, toolCallId, t`The user declined to answer.`);
  }

  return (
    <form onSubmit={send} className="grid gap-2">
      <textarea
        dir="auto"
        rows={2}
        required
        value={answer}
        onChange={(event) => setAnswer(event.currentTarget.value)}
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

/** JSON where it is JSON, else the text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
