import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Download } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import type { Kind, Progress } from '../export/everything';
import { useKeptFocus } from '../hooks/useKeptFocus';
import { startExport, useExporting } from '../stores/exporting';

/** Exports everything that belongs to the user, as a file. */
export function ExportAll() {
  const { running, problem, done } = useExporting();
  const box = useRef<HTMLDivElement>(null);
  useKeptFocus(box);
  return (
    <div ref={box} className="contents">
      <p className="text-sm text-soft">
        {t`All your chats, including archived ones and every version of a reply, with files and ratings, your own assistants and prompts, and usage. The ZIP file has a Markdown file for each chat, and everything as JSON Lines.`}
      </p>
      {running === null ? (
        <div className="flex flex-wrap gap-2">
          <Button data-key="zip" data-line onClick={() => void startExport('zip')}>
            <Download className="size-4" aria-hidden="true" />
            {t`Download ZIP file`}
          </Button>
          <Button data-key="jsonl" data-line onClick={() => void startExport('jsonl')}>
            <Download className="size-4" aria-hidden="true" />
            {t`Download JSON Lines`}
          </Button>
        </div>
      ) : (
        <Running kind={running.kind} progress={running.progress} onCancel={running.cancel} />
      )}
      {problem !== null && <Notice sentence={problem} />}
      {done && running === null && <Notice sentence={t`Your export is in your downloads.`} calm />}
    </div>
  );
}

function Running({ kind, progress, onCancel }: { kind: Kind; progress: Progress; onCancel: () => void }) {
  const { sessions, of, bytes } = progress;
  const most = Math.max(of, sessions, 1);
  const [done, all, size] = [count(sessions), count(of), megabytes(bytes)];
  return (
    <div className="grid gap-2 text-sm">
      <div role="progressbar" aria-label={t`Export`} aria-valuemin={0} aria-valuemax={most} aria-valuenow={sessions} className="h-2 overflow-hidden rounded-full bg-line">
        <div className="h-full rounded-full bg-accent" style={{ width: `${(sessions / most) * 100}%` }} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <span className="text-soft tabular-nums">{of === 0 ? t`One moment…` : t`${done} of ${all} chats, ${size}`}</span>
        <Button data-key={kind} data-line onClick={onCancel}>{t`Cancel`}</Button>
      </div>
    </div>
  );
}

function count(n: number): string {
  return new Intl.NumberFormat(i18n.locale).format(n);
}

function megabytes(bytes: number): string {
  return new Intl.NumberFormat(i18n.locale, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(bytes / 1024 / 1024);
}
