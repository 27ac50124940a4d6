import { t } from '@lingui/core/macro';
import { Check, Copy } from 'lucide-react';
import { useState, type MouseEvent } from 'react';
import { copyText, reply } from '../copied/copy';
import { sayError } from '../stores/sayError';
import { IconButton } from './Button';

export const thanks = 1500;

export function cannotCopy(): string {
  return t`Your browser doesn’t allow this page to copy. Select the text and copy it yourself.`;
}

/** `rich`: also copies the text as drawn in its article, for word processors. `onFailure`: used where a toast would be hidden. */
export function CopyButton({ text, label, rich = false, onFailure = sayError }: { text: string; label: string; rich?: boolean; onFailure?: (sentence: string) => void }) {
  const [copied, setCopied] = useState(false);

  async function copy({ currentTarget }: MouseEvent): Promise<void> {
    const article = rich ? currentTarget.closest('article') : null;
    try {
      await (article === null ? copyText(text) : reply.copy(text, article));
      setCopied(true);
      setTimeout(() => setCopied(false), thanks);
    } catch {
      onFailure(cannotCopy());
    }
  }

  const Icon = copied ? Check : Copy;
  return (
    <IconButton label={copied ? t`Copied` : label} onClick={(event) => void copy(event)} size="size-8">
      <Icon className="size-4" aria-hidden="true" />
    </IconButton>
  );
}
