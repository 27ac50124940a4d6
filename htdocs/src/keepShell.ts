import { basePath } from './base';

/**
 * Makes the browser keep the page's shell, so that it opens without a network, too (vite/sw.js). This happens after everything that a reader waits
 * for, and only where browsers allow it: with TLS, or on this machine.
 */
export function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // Each load checks for a new version. Browsers do that by themselves, but Chromium delays it while requests arrive.
  const register = (): void =>
    void navigator.serviceWorker
      .register(`${basePath}sw.js`)
      .then((registration) => registration.update())
      .catch(() => undefined);
  if (document.readyState === 'complete') register();
  else window.addEventListener('load', register, { once: true });
}
