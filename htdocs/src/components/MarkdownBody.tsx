import { t } from '@lingui/core/macro';
import { useMemo } from 'react';
import { Streamdown, type Components } from 'streamdown';
import { useMath } from '../hooks/useMath';
import { rehypePlugins } from '../text/rehypePlugins';
import { holdsMath, withDoubleDollars } from '../text/math';
import { CodeBlock } from './CodeBlock';
import { RemoteImage } from './RemoteImage';
import { SafeLink } from './SafeLink';

/** Plain elements, styled by .prose; only what needs care has a component. Constant, so finished blocks never render again. */
const components: Components = {
  h1: ({ children }) => <h3 className="text-[1.4em]">{children}</h3>,
  h2: ({ children }) => <h3 className="text-[1.22em]">{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h5>{children}</h5>,
  ul: ({ children }) => <ul>{children}</ul>,
  ol: ({ children, start }) => <ol start={start}>{children}</ol>,
  li: ({ children }) => <li>{children}</li>,
  p: ({ children }) => <p>{children}</p>,
  strong: ({ children }) => <strong>{children}</strong>,
  blockquote: ({ children }) => <blockquote>{children}</blockquote>,
  hr: () => <hr />,
  a: ({ href, children }) => <SafeLink href={href}>{children}</SafeLink>,
  img: ({ src, alt }) => <RemoteImage src={typeof src === 'string' ? src : ''} alt={alt ?? ''} />,
  input: ({ checked }) => <input type="checkbox" checked={checked} readOnly disabled aria-label={checked ? t`Done` : t`Not done`} />,
  pre: CodeBlock,
  code: ({ children }) => <code>{children}</code>,
  table: ({ children }) => (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t`Table`}>
      <table>{children}</table>
    </div>
  ),
  thead: ({ children }) => <thead>{children}</thead>,
  tbody: ({ children }) => <tbody>{children}</tbody>,
  tr: ({ children }) => <tr>{children}</tr>,
  th: ({ children, style }) => <th style={style}>{children}</th>,
  td: ({ children, style }) => <td style={style}>{children}</td>,
};

export default function MarkdownBody({ text, streaming }: { text: string; streaming: boolean }) {
  const math = holdsMath(text);
  const plugins = useMath(math);
  const footnotes = useMemo(() => ({ footnoteLabel: t`Footnotes`, footnoteLabelTagName: 'h4' }), []);
  return (
    <Streamdown
      {...(plugins === undefined ? {} : { plugins })}
      className="prose"
      components={components}
      rehypePlugins={rehypePlugins}
      remarkRehypeOptions={footnotes}
      mode={streaming ? 'streaming' : 'static'}
      isAnimating={streaming}
      controls={false}
      linkSafety={{ enabled: false }}
    >
      {math ? withDoubleDollars(text) : text}
    </Streamdown>
  );
}
