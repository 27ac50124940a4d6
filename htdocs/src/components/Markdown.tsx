import { lazy, memo, Suspense } from 'react';

/** The renderer is large, so it is not part of the first load. If it cannot come, the text is shown as it is. */
const loadBody = () => import('./MarkdownBody').catch(() => ({ default: PlainText }));
const MarkdownBody = lazy(loadBody);

/** Fetches the renderer ahead of the first reply. */
export function preloadMarkdown(): void {
  void loadBody();
}

export const Markdown = memo(function Markdown({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <Suspense fallback={<PlainText text={text} />}>
      <MarkdownBody text={text} streaming={streaming} />
    </Suspense>
  );
});

function PlainText({ text }: { text: string; streaming?: boolean }) {
  return <p className="plain-text leading-[1.7] whitespace-pre-wrap wrap-anywhere">{text}</p>;
}
