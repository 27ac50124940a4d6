import { t } from '@lingui/core/macro';
import { Check, Copy } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { toast } from 'sonner';
import type { ExtraProps } from 'streamdown';
import { cannotCopy, thanks } from '../controls/CopyButton';
import { copyText } from '../copied/copy';
import { copyBoth } from '../copied/rich';
import { tableOf, toCsv, toHtml, toMarkdownTable, toTabs, type Table } from '../copied/tables';
import { directionOf } from '../markdown/hast';

/** A scrolling table, and below it the ways to copy it. */
export function TableFrame({ node, children }: { children?: ReactNode } & ExtraProps) {
  const read = (): Table => tableOf(node);
  return (
    <div className="table-frame group/table">
      <div className="table-scroll" tabIndex={0} role="group" aria-label={t`Table`}>
        <table dir={directionOf(node)}>{children}</table>
      </div>
      <div className="flex h-7 select-none items-center justify-end gap-1 text-soft opacity-0 transition-opacity group-focus-within/table:opacity-100 group-hover/table:opacity-100 pointer-coarse:h-11 pointer-coarse:opacity-100">
        <CopyTable name={t`Table`} label={t`Copy table for a spreadsheet`} copy={() => copyBoth(toTabs(read()), toHtml(read()))} />
        <CopyTable name="Markdown" label={t`Copy table as Markdown`} copy={() => copyText(toMarkdownTable(read()))} />
        <CopyTable name="CSV" label={t`Copy table as CSV`} copy={() => copyText(toCsv(read()))} />
      </div>
    </div>
  );
}

function CopyTable({ name, label, copy }: { name: string; label: string; copy: () => Promise<void> }) {
  const [copied, setCopied] = useState(false);
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={copied ? t`Copied` : label}
      title={label}
      onClick={() => {
        copy().then(() => {
          setCopied(true);
          setTimeout(() => setCopied(false), thanks);
        }, () => toast.error(cannotCopy()));
      }}
      className="inline-flex h-7 items-center gap-1 rounded-md px-1.5 text-xs hover:bg-hover hover:text-ink"
    >
      <Icon className="size-3" aria-hidden="true" />
      {name}
    </button>
  );
}
