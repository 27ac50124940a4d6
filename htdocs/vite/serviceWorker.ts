import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Files with no hash in their names that the page cannot do without. */
const plain = ['./', './s/index.html', './first.js', './favicon.svg', './manifest.json'];

/** Writes sw.js: which build it is, and which files are its shell: what index.html names, and what first.js fetches ahead. */
export function serviceWorker(): Plugin {
  return {
    name: 'lamplight:service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') this.error('index.html is not in the bundle');
      const html = page.source.toString();
      const named = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, file]) => file);
      const ahead = [...html.matchAll(/data-[a-z]+="(assets\/[^"]+)"/g)].flatMap(([, files = '']) => files.split(' '));
      const entry = named.find((file) => file?.endsWith('.js'));
      if (entry === undefined || ahead.length < 3) this.error('index.html names no scripts');
      const shell = [...plain, ...new Set([...named, ...ahead].map((file) => `./${file}`))];
      const source = readFileSync('vite/sw.js', 'utf8');
      // Anything that the page is made of makes another worker.
      const build = createHash('sha256').update(html).update(source).update(Object.keys(bundle).sort().join(' ')).digest('hex').slice(0, 16);
      this.emitFile({
        type: 'asset',
        fileName: 'sw.js',
        source: source.replace('@BUILD@', build).replace("['@SHELL@']", JSON.stringify(shell)).replace('@ENTRY@', entry),
      });
    },
  };
}
