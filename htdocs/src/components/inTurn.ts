/**
 * What many parts of the page wait for is given to one after another, so that drawing them all is not one long task: between two of them the page answers its
 * reader. Who came first into sight goes first, and of those that came together the last: a conversation is read from its end.
 */
import { flushSync } from 'react-dom';

/** Each holds what came in the same task. */
const groups: (() => void)[][] = [];
let open = false;
let running = false;

export function inTurn(take: () => void): void {
  if (!open) {
    groups.push([]);
    open = true;
    queueMicrotask(() => {
      open = false;
      if (!running) next();
    });
  }
  groups.at(-1)?.push(take);
}

const { port1, port2 } = new MessageChannel();
port1.onmessage = (): void => {
  const take = groups[0]?.pop();
  if (groups[0]?.length === 0) groups.shift();
  try {
    // Drawn within this task, not in one with the next.
    if (take !== undefined) flushSync(take);
  } catch (error) {
    console.error(error);
  }
  next();
};

function next(): void {
  running = groups.length > 0;
  if (running) port2.postMessage(null);
}
