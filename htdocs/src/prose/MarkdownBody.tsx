import { t } from '@lingui/core/macro';
import { useId, useMemo, type HTMLAttributes, type RefObject } from 'react';
import { Streamdown, type Components, type ExtraProps, type StreamdownProps } from 'streamdown';
import { reply } from '../copied/copy';
import { copyReply } from '../copied/rich';
import { directionOf, textOf } from '../markdown/hast';
import { openFormula } from '../markdown/openFormula';
import { rehypePlugins } from '../markdown/rehypePlugins';
import { remarkPlugins } from '../markdown/remarkPlugins';
import { CodeBlock } from './CodeBlock';
import { Formula } from './Formula';
import { isNoteId, NoteLink } from './NoteLink';
import { RemoteImage } from './RemoteImage';
import { SafeLink } from './SafeLink';
import { TableFrame } from './TableFrame';
import { useSettled } from './useSettled';

reply.copy = copyReply;

/**
 * Plain elements, styled by .prose; only those that need more have a component. Constant, so finished blocks never render again. Each block of text
 * has its own direction.
 */
const components: Components = {
  h1: ({ children }) => <h3 dir="auto" className="text-[1.4em]">{children}</h3>,
  h2: ({ children }) => <h3 dir="auto" className="text-[1.22em]">{children}</h3>,
  h3: ({ children }) => <h4 dir="auto">{children}</h4>,
  h4: ({ children }) => <h5 dir="auto">{children}</h5>,
  h5: ({ children }) => <h6 dir="auto">{children}</h6>,
  h6: ({ children }) => <h6 dir="auto">{children}</h6>,
  ul: ({ children, node }) => <ul dir={directionOf(node)}>{children}</ul>,
  ol: ({ children, start, node }) => <ol dir={directionOf(node)} start={start}>{children}</ol>,
  li: ({ children, id, node }) => <li dir={directionOf(node)} {...(isNoteId(id) && { id, tabIndex: -1 })}>{children}</li>,
  p: ({ children }) => <p dir="auto">{children}</p>,
  strong: ({ children }) => <strong>{children}</strong>,
  blockquote: ({ children, node }) => <blockquote dir={directionOf(node)}>{children}</blockquote>,
  hr: () => <hr />,
  a: ({ href, children, ...rest }) =>
    'data-footnote-ref' in rest || 'data-footnote-backref' in rest ? (
      <NoteLink href={href} id={rest.id} label={rest['aria-label']}>
        {children}
      </NoteLink>
    ) : (
      <SafeLink href={href}>{children}</SafeLink>
    ),
  img: ({ src, alt }) => <RemoteImage src={typeof src === 'string' ? src : ''} alt={alt ?? ''} />,
  input: ({ checked }) => <input type="checkbox" checked={checked} readOnly disabled aria-label={checked ? t`Done` : t`Not done`} />,
  pre: CodeBlock,
  code: InlineCode,
  sup: ({ children }) => <sup>{children}</sup>,
  section: ({ children }) => <section className="footnotes">{children}</section>,
  table: TableFrame,
  thead: ({ children }) => <thead>{children}</thead>,
  tbody: ({ children }) => <tbody>{children}</tbody>,
  tr: ({ children }) => <tr>{children}</tr>,
  th: ({ children, style }) => <th dir="auto" style={style}>{children}</th>,
  td: ({ children, style, node }) => <td dir="auto" style={style} className={roomFor(textOf(node))}>{children}</td>,
};

/** A table wider than its place scrolls; its columns do not shrink to one word per line, and a number stays with its unit. */
function roomFor(text: string): string | undefined {
  if (text.length <= 16 && /\p{N}/u.test(text)) return 'whitespace-nowrap';
  return text.length > 60 ? 'min-w-60' : text.length > 24 ? 'min-w-36' : undefined;
}

/** Code, or a formula (markdown/formulas.ts). */
function InlineCode({ children, className }: HTMLAttributes<HTMLElement> & ExtraProps) {
  const [, kind] = /\blanguage-math-(block|inline|large)\b/.exec(className ?? '') ?? [];
  if (kind !== undefined && typeof children === 'string') return <Formula tex={children} kind={kind as 'block' | 'inline' | 'large'} />;
  return <code dir="ltr">{children}</code>;
}

/** Completes a text while it streams in. Formulas have a rule of their own, and a single tilde is no markup. */
const healing: StreamdownProps['remend'] = { katex: false, singleTilde: false, handlers: [openFormula] };

export default function MarkdownBody({ text, streaming, box }: { text: string; streaming: boolean; box?: RefObject<HTMLElement | null> }) {
  const settled = useSettled(streaming, box);
  const id = useId();
  const noted = text.includes('[^');
  const footnotes = useMemo(
    () => ({
      footnoteLabel: t`Footnotes`,
      footnoteLabelTagName: 'h2',
      footnoteBackLabel: () => t`Back to the text`,
      ...(noted && { clobberPrefix: `note${id}` }), // footnotes lead to those of the same message
    }),
    [id, noted],
  );
  return (
    <Streamdown
      className={streaming ? 'prose growing' : 'prose'}
      components={components}
      rehypePlugins={rehypePlugins}
      remarkPlugins={remarkPlugins}
      remarkRehypeOptions={footnotes}
      remend={healing}
      mode={settled ? 'static' : 'streaming'}
      isAnimating={streaming}
      controls={false}
      linkSafety={{ enabled: false }}
    >
      {text}
    </Streamdown>
  );
}
