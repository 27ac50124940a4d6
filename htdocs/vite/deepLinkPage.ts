import type { Plugin } from 'vite';

/**
 * Makes one build work under every base path: all URLs in index.html are relative. A deep link (/s/<id>) is one folder
 * further down, so it gets a copy of the same page whose URLs start with "../".
 */
export function deepLinkPage(): Plugin {
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
