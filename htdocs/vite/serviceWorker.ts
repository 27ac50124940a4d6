import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin, Rollup } from 'vite';

/** Files without a hash in their names that the page needs. */
const plain = ['./', './s/index.html', './first.js', './favicon.svg', './manifest.json'];

/**
 * What loads later and is larger than this, in bytes of code, has a stand-in (formulas, the colours of code) and is kept only
 * after it was needed.
 */
const largest = 150_000;

/**
 * Writes sw.js with the id of the build and the files of its shell: those that index.html names, those that first.js fetches
 * ahead, and those that load after a click.
 */
export function serviceWorker(): Plugin {
  return {
    name: 'lamplight:service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') this.error('index.html is not in the bundle');
      const html = page.source.toString();
      const named = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, file = '']) => file);
      const ahead = [...html.matchAll(/data-[a-z]+="(assets\/[^"]+)"/g)].flatMap(([, files = '']) => files.split(' '));
      const entry = named.find((file) => file.endsWith('.js'));
      if (entry === undefined || ahead.length < 3) this.error('index.html names no scripts');
      const shell = [...plain, ...new Set([...named, ...ahead, ...reachable(bundle, entry, new Set([...named, ...ahead]))].map((file) => `./${file}`))];
      const source = readFileSync('vite/sw.js', 'utf8');
      // A change of anything in the page makes another worker.
      const build = createHash('sha256').update(html).update(source).update(Object.keys(bundle).sort().join(' ')).digest('hex').slice(0, 16);
      this.emitFile({
        type: 'asset',
        fileName: 'sw.js',
        source: source.replace('@BUILD@', build).replace("['@SHELL@']", JSON.stringify(shell)).replace('@ENTRY@', entry),
      });
    },
  };
}

/** The files of all code that the page may load, and their styles, without what is too large, unless it is among `wanted`. */
function reachable(bundle: Rollup.OutputBundle, from: string, wanted: Set<string>): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    const chunk = bundle[file];
    if (chunk?.type !== 'chunk' || seen.has(file)) return;
    seen.add(file);
    if (file !== from && !wanted.has(file) && Buffer.byteLength(chunk.code) > largest) return;
    for (const each of [file, ...(chunk.viteMetadata?.importedCss ?? [])]) found.add(each);
    for (const each of [...chunk.imports, ...chunk.dynamicImports]) visit(each);
  };
  visit(from);
  return found;
}
