import { t } from '@lingui/core/macro';
import { Download } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../controls/Button';
import { CopyButton } from '../controls/CopyButton';
import { download } from '../export/download';

/** The codes, which are never shown again. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const text = `${codes.join('\n')}\n`;
  return (
    <div className="grid gap-4 rounded-xl border border-line bg-raised p-4">
      <h3 ref={heading} tabIndex={-1} className="font-medium outline-none">{t`Save your recovery codes`}</h3>
      <p className="text-sm text-soft">
        {t`If you lose your phone, each of these codes lets you log in once. Keep them in a safe place: they won’t be shown again.`}
      </p>
      <ul aria-label={t`Recovery codes`} className="grid gap-x-6 gap-y-1 font-mono text-sm sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-2">
        <Button onClick={() => download('lamplight-recovery-codes.txt', 'text/plain', text)}>
          <Download className="size-4" aria-hidden="true" />
          {t`Download`}
        </Button>
        <CopyButton text={text} label={t`Copy codes`} />
        <Button look="accent" onClick={onDone} className="ml-auto">{t`I’ve saved them`}</Button>
      </div>
    </div>
  );
}
