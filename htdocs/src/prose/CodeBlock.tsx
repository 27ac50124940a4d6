import type { ReactNode } from 'react';
import { useIsCodeFenceIncomplete, type ExtraProps } from 'streamdown';
import { canBeColoured } from '../code/languages';
import { later } from '../controls/later';
import { CodeFrame, CodeLines } from './CodeFrame';
import { Diagram } from './Diagram';
import { Formula } from './Formula';

/** The grammars are loaded with the first block that needs one. Until then, or if loading fails, code has no colours. */
const ColouredCode = later<{ language: string; code: string }>(
  async () => (await import('./ColouredCode')).default,
  ({ code }) => <code>{code}</code>,
);

/** A fenced block. As soon as it is complete, diagrams and formulas are drawn and other code gets its colours. */
export function CodeBlock({ node, children }: { children?: ReactNode } & ExtraProps) {
  const incomplete = useIsCodeFenceIncomplete();
  const { language, code } = read(node);
  if (language === 'mermaid' && !incomplete) return <Diagram source={code} />;
  if (language === 'math' && !incomplete) return <Formula tex={code.trim()} kind="block" />;
  return (
    <CodeFrame language={language} code={code}>
      <CodeLines>{!incomplete && canBeColoured(language, code) ? <ColouredCode language={language} code={code} /> : children}</CodeLines>
    </CodeFrame>
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
