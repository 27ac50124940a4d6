import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { CopyButton } from './CopyButton';

/** Around a block that is code: what language it is, and a button that copies it. */
export function CodeFrame({ language, code, tools, children }: { language: string; code: string; tools?: ReactNode; children: ReactNode }) {
  return (
    <div className="code overflow-hidden rounded-xl border border-line bg-code">
      <div className="flex h-9 items-center justify-between border-b border-line pr-1 pl-4">
        <span className="font-mono text-xs text-soft">{language}</span>
        <span className="flex">
          {tools}
          <CopyButton text={code} label={t`Copy code`} />
        </span>
      </div>
      {children}
    </div>
  );
}

/** Lines that scroll sideways. */
export function CodeLines({ children }: { children?: ReactNode }) {
  return (
    <pre tabIndex={0} className="overflow-x-auto px-4 py-3.5 font-mono text-[0.84em] leading-relaxed">
      {children}
    </pre>
  );
}
