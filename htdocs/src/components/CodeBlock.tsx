import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import type { ExtraProps } from 'streamdown';
import { CopyButton } from './CopyButton';

/** A fenced block: its language, a copy button, and lines that scroll sideways. */
export function CodeBlock({ node, children }: { children?: ReactNode } & ExtraProps) {
  const { language, code } = read(node);
  return (
    <div className="code overflow-hidden rounded-xl border border-line bg-code">
      <div className="flex h-9 items-center justify-between border-b border-line pr-1 pl-4">
        <span className="font-mono text-xs text-soft">{language}</span>
        <CopyButton text={code} label={t`Copy code`} />
      </div>
      <pre tabIndex={0} className="overflow-x-auto px-4 py-3.5 font-mono text-[0.84em] leading-relaxed">
        {children}
      </pre>
    </div>
  );
}

function read(node: ExtraProps['node']): { language: string; code: string } {
  const element = node?.children[0];
  if (element?.type !== 'element') return { language: '', code: '' };
  const classes = element.properties['className'];
  const name = Array.isArray(classes) ? classes.map(String).find((each) => each.startsWith('language-')) : undefined;
  const text = element.children[0];
  return {
    language: name?.slice('language-'.length) ?? '',
    code: text?.type === 'text' ? text.value : '',
  };
}
