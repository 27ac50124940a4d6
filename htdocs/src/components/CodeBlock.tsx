import type { ReactNode } from 'react';
import { useIsCodeFenceIncomplete, type ExtraProps } from 'streamdown';
import { CodeFrame, CodeLines } from './CodeFrame';
import { Diagram } from './Diagram';

/** A fenced block. One that describes a diagram is drawn, as soon as all of it is there. */
export function CodeBlock({ node, children }: { children?: ReactNode } & ExtraProps) {
  const incomplete = useIsCodeFenceIncomplete();
  const { language, code } = read(node);
  if (language === 'mermaid' && !incomplete) return <Diagram source={code} />;
  return (
    <CodeFrame language={language} code={code}>
      <CodeLines>{children}</CodeLines>
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
