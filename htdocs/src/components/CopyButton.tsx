import { t } from '@lingui/core/macro';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { sayError } from '../stores/sayError';
import { copyText } from '../text/copy';
import { IconButton } from './Button';

export const thanks = 1500;

export function cannotCopy(): string {
  return t`Your browser doesn’t allow this page to copy. Select the text and copy it yourself.`;
}

/** `onFailure`: where a toast would not be seen. */
export function CopyButton({ text, label, onFailure = sayError }: { text: string; label: string; onFailure?: (sentence: string) => void }) {
  const [copied, setCopied] = useState(false);

  async function copy(): Promise<void> {
    try {
      await copyText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), thanks);
    } catch {
      onFailure(cannotCopy());
    }
  }

  const Icon = copied ? Check : Copy;
  return (
    <IconButton label={copied ? t`Copied` : label} onClick={() => void copy()} size="size-8">
      <Icon className="size-4" aria-hidden="true" />
    </IconButton>
  );
}
