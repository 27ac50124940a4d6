import { t } from '@lingui/core/macro';
import { Download, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { readLibrary } from '../api/library';
import { Button } from '../controls/Button';
import { save } from '../export/download';
import { sayError } from '../stores/sayError';
import { importFile, type Outcome } from './importFile';
import { ImportReport } from './ImportReport';
import { librarySentenceOf } from './sentences';

/** Exports one's own assistants and prompts as one file, and imports such a file. `onImported`: there may be more of them now. */
export function Transfer({ onImported }: { onImported: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState<'export' | 'import' | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  const choose = (): void => input.current?.click();

  async function takeOut(): Promise<void> {
    setBusy('export');
    try {
      save(`lamplight-assistants-${new Date().toISOString().slice(0, 10)}.json`, await readLibrary());
    } catch (error) {
      sayError(librarySentenceOf(error));
    } finally {
      setBusy(null);
    }
  }

  async function takeIn(file: File): Promise<void> {
    setBusy('import');
    setOutcome(await importFile(file));
    setBusy(null);
    onImported();
  }

  return (
    <section aria-label={t`Export and import`} className="grid gap-3 border-t border-line pt-5">
      <p className="text-sm text-soft">{t`Export saves all your assistants and prompts in one file. Import adds those of such a file to yours.`}</p>
      <div className="flex flex-wrap gap-2">
        <Button className="pointer-coarse:h-11" disabled={busy !== null} onClick={() => void takeOut()}>
          <Download className="size-4" aria-hidden="true" />
          {t`Export all`}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          accept=".json,application/json"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file !== undefined) void takeIn(file).finally(() => (currentTarget.value = ''));
          }}
        />
        <Button className="pointer-coarse:h-11" disabled={busy !== null} onClick={choose}>
          <Upload className="size-4" aria-hidden="true" />
          {busy === 'import' ? t`Importing…` : t`Import…`}
        </Button>
      </div>
      {outcome !== null && <ImportReport outcome={outcome} onAgain={choose} onClose={() => setOutcome(null)} />}
    </section>
  );
}
