import type { Plugin } from 'vite';

/**
 * Removes the <style> element that sonner adds when it loads, because our CSP refuses it; styles.css imports the same rules.
 */
export function sonnerWithoutInlineStyle(): Plugin {
  return {
    name: 'lamplight:sonner-without-inline-style',
    transform(code, id) {
      if (!id.includes('/sonner/dist/index.mjs')) return null;
      const quiet = code.replace(/^__insertCSS\(.*\);$/m, '');
      if (quiet === code) this.error('sonner no longer adds its style as expected');
      return { code: quiet, map: null };
    },
  };
}
