import { t } from '@lingui/core/macro';
import type { Conversation } from '../chat/conversation';
import { approveTool } from '../chat/toolAnswers';
import { Button } from '../controls/Button';
import { focusComposer } from '../fields/focusComposer';
import { allowHere } from '../stores/allowed';
import { useAuth } from '../stores/auth';

/** Asks whether a tool may run: once, or from now on in this chat. */
export function ToolApproval({ id, tool, conversation }: { id: string; tool: string; conversation: Conversation }) {
  const userId = useAuth((state) => state.user?.id);
  const { sessionId } = conversation;
  const answer = (approved: boolean): void => {
    focusComposer(); // these buttons disappear
    void approveTool(conversation, id, approved);
  };
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        <Button look="accent" onClick={() => answer(true)}>{t`Allow`}</Button>
        {userId !== undefined && sessionId !== null && (
          <Button
            onClick={() => {
              allowHere(userId, sessionId, tool);
              answer(true);
            }}
          >
            {t`Allow in this chat`}
          </Button>
        )}
        <Button onClick={() => answer(false)}>{t`Deny`}</Button>
      </div>
      <p className="text-xs text-soft">{t`“Allow in this chat” lets ${tool} run again here without asking. You can undo that in the chat’s menu.`}</p>
    </div>
  );
}
