/**
 * The script of diagram.html. Mermaid writes style elements, which the page's policy refuses, and interprets what a model wrote. So it works in a
 * sandboxed frame: with an opaque origin, without any network except for its own code, and with nothing to steal.
 */
import { draw } from './draw';
import type { Answer, Wish } from './protocol';

window.addEventListener('message', ({ source, ports: [port] }) => {
  if (source !== window.parent || port === undefined) return;
  port.onmessage = ({ data }: MessageEvent<Wish>) => {
    void draw(data).then((answer: Answer) => port.postMessage(answer));
  };
});
