import { memo, useRef, type RefObject } from 'react';
import { Boundary } from '../controls/Boundary';
import { later } from '../controls/later';
import { isTame } from '../markdown/tame';
import { langOf } from '../text/langOf';
import { inTurn } from './inTurn';

/** `box`: the element that contains it. */
type MarkdownProps = { text: string; streaming: boolean; box?: RefObject<HTMLElement | null> };

/** The renderer is large, so it is not part of the first load. Until it has arrived, or if it cannot be loaded, plain text is shown. */
const MarkdownBody = later<MarkdownProps>(async () => (await import('./MarkdownBody')).default, PlainText, inTurn);

/** Loads the renderer before the first reply. */
export const preloadMarkdown = MarkdownBody.preload;

/** The text of a reply. If the renderer fails on it, or would block the page, plain text is shown, too. */
export const Markdown = memo(function Markdown(props: MarkdownProps) {
  const box = useRef<HTMLDivElement>(null);
  return (
    <div ref={box} lang={langOf(props.text)}>
      {isTame(props.text) ? (
        <Boundary instead={<PlainText {...props} />}>
          <MarkdownBody {...props} box={box} />
        </Boundary>
      ) : (
        <PlainText {...props} />
      )}
    </div>
  );
});

function PlainText({ text }: MarkdownProps) {
  return <p dir="auto" className="plain-text leading-[1.7] whitespace-pre-wrap wrap-anywhere">{text}</p>;
}
