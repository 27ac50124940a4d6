import { memo, useRef, type RefObject } from 'react';
import { isTame } from '../text/tame';
import { Boundary } from './Boundary';
import { inTurn } from './inTurn';
import { langOf } from './langOf';
import { later } from './later';

/** `box`: what it is drawn in. */
type MarkdownProps = { text: string; streaming: boolean; box?: RefObject<HTMLElement | null> };

/** The renderer is large, so it is not part of the first load. Until it comes, or if it cannot, the text is shown as it is. */
const MarkdownBody = later<MarkdownProps>(async () => (await import('./MarkdownBody')).default, PlainText, inTurn);

/** Fetches the renderer ahead of the first reply. */
export const preloadMarkdown = MarkdownBody.preload;

/** A reply's text. One that the renderer stumbles over, or that would hold the page up, is shown as it is, too. */
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
