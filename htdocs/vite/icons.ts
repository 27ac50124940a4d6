import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { Plugin } from 'vite';

/**
 * The mark's own ground: systems that cut icons to a shape of theirs want it to the edge. What they leave at least, a circle of four
 * fifths (W3C, Web Application Manifest, "Icon masks and safe zone"), has all of the lamp.
 */
const ground = '#26201a';

/** What an installed page looks like on a system's screens. */
const icons = [
  { fileName: 'icon-192.png', size: 192, whole: false },
  { fileName: 'icon-512.png', size: 512, whole: false },
  { fileName: 'icon-maskable-512.png', size: 512, whole: true },
  { fileName: 'apple-touch-icon.png', size: 180, whole: true },
];

let ready: Promise<void> | null = null;

/** Draws them from the mark. As WebAssembly, so that the list of packages is the same for all machines. */
export function appIcons(): Plugin {
  return {
    name: 'lamplight:icons',
    apply: 'build',
    async generateBundle() {
      await (ready ??= initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm'))));
      const mark = readFileSync('public/favicon.svg', 'utf8');
      for (const { fileName, size, whole } of icons) {
        const drawn = new Resvg(mark, { fitTo: { mode: 'width', value: size }, ...(whole && { background: ground }) });
        this.emitFile({ type: 'asset', fileName, source: drawn.render().asPng() });
      }
    },
  };
}
