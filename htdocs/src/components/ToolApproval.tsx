import { t } from '@lingui/core/macro';
import type { Conversation } from '../chat/conversation';
import { Button } from './Button';
import { focusComposer } from './focusComposer';

/** Asks whether a tool may run. */
export function ToolApproval({ id, conversation }: { id: string; conversation: Conversation }) {
  const answer = (approved: boolean): void => {
    focusComposer(); // these buttons go
    void conversation.approveTool(id, approved);
  };
  return (
    <div className="flex flex-wrap gap-2">
      <Button look="accent" onClick={() => answer(true)}>{t`Allow`}</Button>
      <Button onClick={() => answer(false)}>{t`Deny`}</Button>
    </div>
  );
}
