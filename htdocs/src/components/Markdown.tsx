import { lazy, memo, Suspense } from 'react';

/** The renderer is large: it comes with the first reply. Until then, and if it cannot come, the text is shown as it is. */
const MarkdownBody = lazy(() => import('./MarkdownBody').catch(() => ({ default: PlainText })));

export const Markdown = memo(function Markdown({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <Suspense fallback={<PlainText text={text} />}>
      <MarkdownBody text={text} streaming={streaming} />
    </Suspense>
  );
});

function PlainText({ text }: { text: string; streaming?: boolean }) {
  return <p className="leading-[1.7] whitespace-pre-wrap wrap-anywhere">{text}</p>;
}
