import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const smallest = { '.gz': (content: Buffer) => promisify(gzip)(content, { level: 9 }), '.br': promisify<Buffer, Buffer>(brotliCompress) };

/**
 * Writes a .gz and a .br beside each file of assets/, as small as possible: a web server compresses quickly but not well, and
 * does so again for every visitor. Files elsewhere have no hash in their names, so an operator may replace them and need not
 * know of compressed copies.
 */
export function precompressed(): Plugin {
  let folder = '';
  return {
    name: 'lamplight:precompressed',
    apply: 'build',
    configResolved({ root, build }) {
      folder = `${resolve(root, build.outDir)}/assets/`;
    },
    async closeBundle() {
      const files = readdirSync(folder).filter((name) => /\.(js|css)$/.test(name));
      await Promise.all(files.map((name) => compress(folder + name)));
    },
  };
}

async function compress(path: string): Promise<void> {
  const content = readFileSync(path);
  if (content.length <= 1000) return;
  for (const [ending, compressed] of Object.entries(smallest)) writeFileSync(path + ending, await compressed(content));
}
