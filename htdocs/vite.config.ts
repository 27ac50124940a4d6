import { transformAsync } from '@babel/core';
import { lingui } from '@lingui/vite-plugin';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultAllowedOrigins, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * One build for every base path: all URLs in index.html are relative. A deep link (/s/<id>) is one
 * folder further down, so it gets a copy of the same page whose URLs start with "../".
 */
function deepLinkPage(): Plugin {
  return {
    name: 'lamplight:deep-link-page',
    enforce: 'post',
    // `npm run dev` always lives at "/".
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { server }) => (server === undefined ? html : html.replaceAll('="./', '="/')),
    },
    generateBundle(_options, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') this.error('index.html is not in the bundle');
      const source = page.source.toString().replaceAll('="./', '="../');
      this.emitFile({ type: 'asset', fileName: 's/index.html', source });
    },
  };
}

/** sonner adds a <style> element when it is loaded, which our CSP refuses; styles.css imports the same rules. */
function sonnerWithoutInlineStyle(): Plugin {
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

/** Turns the `t` and `plural` of lingui's macros into look-ups in a catalog; other files pass by. */
function linguiMacros(): Plugin {
  return {
    name: 'lamplight:lingui-macros',
    enforce: 'pre',
    transform: {
      filter: { id: /\.tsx?$/, code: /@lingui\/core\/macro/ },
      async handler(code, id) {
        const result = await transformAsync(code, {
          filename: id,
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          parserOpts: { plugins: id.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] },
          plugins: ['@lingui/babel-plugin-lingui-macro'],
        });
        return { code: result?.code ?? code, map: result?.map };
      },
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [linguiMacros(), lingui(), react(), tailwindcss(), sonnerWithoutInlineStyle(), deepLinkPage()],
  build: { modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 700, rolldownOptions: { input: ['index.html', 'diagram.html'] } },
  // The frame that draws diagrams is of no origin.
  server: { proxy: { '/api': 'http://127.0.0.1:8080' }, cors: { origin: [defaultAllowedOrigins, 'null'] } },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/i18n/testing.ts'] },
});
