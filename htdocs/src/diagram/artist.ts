/** Draws diagrams: one hidden frame for the whole page draws one at a time, and each result is kept. */
import { basePath } from '../base';
import type { Answer, Drawing, Scheme, Wish } from './protocol';

/** A source that takes mermaid longer is given up, together with the frame. */
const patience = 20_000;
const kept = 120;

const answers = new Map<string, Answer>();
let artist: Promise<Artist> | null = null;
let queue: Promise<unknown> = Promise.resolve();

export function isDrawing(answer: Answer): answer is Drawing {
  return 'svg' in answer;
}

/** The known result, so that a diagram that returns to the screen appears at once. */
export function drawnBefore(source: string, scheme: Scheme): Answer | undefined {
  return answers.get(keyOf(source, scheme));
}

export function draw(source: string, scheme: Scheme): Promise<Answer> {
  const turn = queue.then(() => drawnBefore(source, scheme) ?? drawNow({ source, scheme }));
  queue = turn;
  return turn;
}

function keyOf(source: string, scheme: Scheme): string {
  return `${scheme}\n${source}`;
}

async function drawNow(wish: Wish): Promise<Answer> {
  artist ??= employ();
  const { frame, port } = await artist;
  const answer = await answerOf(port, wish);
  if (answer === null) {
    frame.remove();
    artist = null;
  }
  return keep(keyOf(wish.source, wish.scheme), answer ?? { line: null });
}

/** Drops the oldest result if there are many. */
function keep(key: string, answer: Answer): Answer {
  for (const oldest of answers.keys()) {
    if (answers.size < kept) break;
    answers.delete(oldest);
  }
  answers.set(key, answer);
  return answer;
}

interface Artist {
  frame: HTMLIFrameElement;
  port: MessagePort;
}

/** The frame has an opaque origin and, where browsers support that, a process of its own, so if it hangs, the page does not. */
function employ(): Promise<Artist> {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.src = `${basePath}diagram.html`;
  frame.className = 'artist';
  frame.title = '';
  frame.tabIndex = -1;
  frame.setAttribute('aria-hidden', 'true');
  return new Promise((resolve) => {
    frame.addEventListener('load', () => {
      const { port1: port, port2 } = new MessageChannel();
      frame.contentWindow?.postMessage(null, '*', [port2]); // there is no other way to address a frame with an opaque origin
      resolve({ frame, port });
    });
    document.body.append(frame);
  });
}

/** Null if it takes too long. */
function answerOf(port: MessagePort, wish: Wish): Promise<Answer | null> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(resolve, patience, null);
    port.onmessage = ({ data }: MessageEvent<Answer>) => {
      clearTimeout(giveUp);
      resolve(data);
    };
    port.postMessage(wish);
  });
}
