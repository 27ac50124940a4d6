import { t } from '@lingui/core/macro';
import { toast } from 'sonner';
import { InstructionsForm } from '../models/InstructionsForm';
import { forAll } from '../stores/instructions';

export function OwnInstructions() {
  return (
    <InstructionsForm
      of={forAll}
      label={t`Instructions for all chats`}
      hint={t`What should the model know about you, and how should it reply? It gets this with every message, in all chats.`}
      onSaved={() => toast.success(t`Instructions saved.`)}
    />
  );
}
