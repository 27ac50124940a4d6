import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { Plugin } from 'vite';

/**
 * The background of the mark: systems that cut icons to their own shape need it up to the edge. The smallest area that they
 * leave, a circle of four fifths (W3C, Web Application Manifest, "Icon masks and safe zone"), contains the whole lamp.
 */
const ground = '#26201a';

/** The icons of an installed page on a system's screens. */
const icons = [
  { fileName: 'icon-192.png', size: 192, whole: false },
  { fileName: 'icon-512.png', size: 512, whole: false },
  { fileName: 'icon-maskable-512.png', size: 512, whole: true },
  { fileName: 'apple-touch-icon.png', size: 180, whole: true },
];

let ready: Promise<void> | null = null;

/** Draws the icons from the mark, with WebAssembly, so that the list of packages is the same for all machines. */
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
