import { memo } from 'react';
import { isTame } from '../text/tame';
import { Boundary } from './Boundary';
import { inTurn } from './inTurn';
import { langOf } from './langOf';
import { later } from './later';

type MarkdownProps = { text: string; streaming: boolean };

/** The renderer is large, so it is not part of the first load. Until it comes, or if it cannot, the text is shown as it is. */
const MarkdownBody = later<MarkdownProps>(async () => (await import('./MarkdownBody')).default, PlainText, inTurn);

/** Fetches the renderer ahead of the first reply. */
export const preloadMarkdown = MarkdownBody.preload;

/** A reply's text. One that the renderer stumbles over, or that would hold the page up, is shown as it is, too. */
export const Markdown = memo(function Markdown(props: MarkdownProps) {
  return (
    <div lang={langOf(props.text)}>
      {isTame(props.text) ? (
        <Boundary instead={<PlainText {...props} />}>
          <MarkdownBody {...props} />
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
