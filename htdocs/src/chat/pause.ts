/** Waits; ends early when `done` becomes true or the signal is aborted. */
export function pause(ms: number, signal: AbortSignal, done: () => boolean = () => false): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(limit);
      clearInterval(watch);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const limit = setTimeout(finish, ms);
    const watch = setInterval(() => done() && finish(), 50);
    signal.addEventListener('abort', finish);
  });
}

/** Waits before another attempt to connect; ends early when the network or the screen comes back. */
export async function connectionPause(ms: number, signal: AbortSignal): Promise<void> {
  let back = false;
  const wake = (): void => {
    back = true;
  };
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  await pause(ms, signal, () => back);
  window.removeEventListener('online', wake);
  document.removeEventListener('visibilitychange', wake);
}
