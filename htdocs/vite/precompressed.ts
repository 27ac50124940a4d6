import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/**
 * A .gz beside each file of assets/, as small as it gets: a web server compresses quickly and not well, and does so again for every
 * visitor. The files outside have no hash in their names, so an operator may replace them, and must not have to know of a copy.
 */
export function precompressed(): Plugin {
  let folder = '';
  return {
    name: 'lamplight:precompressed',
    apply: 'build',
    configResolved({ root, build }) {
      folder = `${resolve(root, build.outDir)}/assets/`;
    },
    closeBundle() {
      for (const name of readdirSync(folder)) {
        if (!/\.(js|css)$/.test(name)) continue;
        const content = readFileSync(folder + name);
        if (content.length > 1000) writeFileSync(`${folder}${name}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}
