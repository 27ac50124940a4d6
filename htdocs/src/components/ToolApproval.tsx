import { t } from '@lingui/core/macro';
import type { Conversation } from '../chat/conversation';
import { Button } from './Button';

/** Asks whether a tool may run. */
export function ToolApproval({ id, conversation }: { id: string; conversation: Conversation }) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button look="accent" onClick={() => void conversation.approveTool(id, true)}>{t`Allow`}</Button>
      <Button onClick={() => void conversation.approveTool(id, false)}>{t`Deny`}</Button>
    </div>
  );
}
