import { t } from '@lingui/core/macro';
import { Download, WrapText } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { codeFileName } from '../code/fileName';
import { IconButton } from '../controls/Button';
import { CopyButton } from '../controls/CopyButton';
import { download } from '../export/download';

/** Lines of this many letters do not fit on a phone. */
const longLine = /.{40}/;

/** The frame of a code block: its language, and buttons that copy it, save it as a file, and wrap its lines. `lines`: it is shown as lines. */
export function CodeFrame({ language, code, tools, lines = true, children }: { language: string; code: string; tools?: ReactNode; lines?: boolean; children: ReactNode }) {
  const [wrapped, setWrapped] = useState(false);
  return (
    <div className="code group/code overflow-hidden rounded-xl border border-line bg-code" data-wrapped={wrapped || undefined}>
      <div className="flex h-9 select-none items-center justify-between border-b border-line pr-1 pl-4 pointer-coarse:h-11">
        <span className="min-w-0 truncate font-mono text-xs text-soft">{language}</span>
        <span className="flex">
          {tools}
          {lines && longLine.test(code) && (
            <IconButton label={t`Wrap long lines`} aria-pressed={wrapped} onClick={() => setWrapped(!wrapped)} size="size-8" className={wrapped ? 'text-accent' : ''}>
              <WrapText className="size-4" aria-hidden="true" />
            </IconButton>
          )}
          <IconButton label={t`Download code`} onClick={() => download(codeFileName(language, code), 'text/plain', code)} size="size-8">
            <Download className="size-4" aria-hidden="true" />
          </IconButton>
          <CopyButton text={code} label={t`Copy code`} />
        </span>
      </div>
      {children}
    </div>
  );
}

/** Lines that scroll sideways or wrap. */
export function CodeLines({ children }: { children?: ReactNode }) {
  return (
    <pre
      tabIndex={0}
      className="overflow-x-auto px-4 py-3.5 font-mono text-[0.84em] leading-relaxed group-data-wrapped/code:whitespace-pre-wrap group-data-wrapped/code:wrap-anywhere"
    >
      {children}
    </pre>
  );
}
