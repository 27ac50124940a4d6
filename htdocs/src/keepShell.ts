import { basePath } from './base';

/**
 * Has the browser keep the page's shell, so that it opens without a network, too (vite/sw.js). Behind everything that a reader waits for, and
 * only where browsers allow it: with TLS, or on this machine.
 */
export function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // With each load it is looked whether there is another one. Browsers do that by themselves, but Chromium puts it off while requests come.
  const register = (): void =>
    void navigator.serviceWorker
      .register(`${basePath}sw.js`)
      .then((registration) => registration.update())
      .catch(() => undefined);
  if (document.readyState === 'complete') register();
  else window.addEventListener('load', register, { once: true });
}
