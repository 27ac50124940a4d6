import { fileURLToPath } from 'node:url';
import { lingui } from '@lingui/vite-plugin';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultAllowedOrigins } from 'vite';
import { defineConfig } from 'vitest/config';
import { appIcons } from './vite/icons.ts';
import { deepLinkPage } from './vite/deepLinkPage.ts';
import { fetchedAhead } from './vite/fetchedAhead.ts';
import { laterTexts } from './vite/laterTexts.ts';
import { linguiMacros } from './vite/linguiMacros.ts';
import { precompressed } from './vite/precompressed.ts';
import { serviceWorker } from './vite/serviceWorker.ts';
import { sonnerWithoutInlineStyle } from './vite/sonnerWithoutInlineStyle.ts';

export default defineConfig({
  base: './',
  plugins: [linguiMacros(), lingui(), laterTexts(), react(), tailwindcss(), sonnerWithoutInlineStyle(), fetchedAhead(), deepLinkPage(), appIcons(), serviceWorker(), precompressed()],
  resolve: {
    alias: [
      { find: 'zod/v3', replacement: fileURLToPath(new URL('vite/standIns/zodV3.ts', import.meta.url)) },
      { find: /^\.{1,2}\/(core\/)?(json-schema-processors|to-json-schema)\.js$/, replacement: fileURLToPath(new URL('vite/standIns/zodJsonSchema.ts', import.meta.url)) },
      { find: '../locales/en.js', replacement: fileURLToPath(new URL('vite/standIns/zodSentences.ts', import.meta.url)) },
      { find: 'tailwind-merge', replacement: fileURLToPath(new URL('vite/standIns/tailwindMerge.ts', import.meta.url)) },
      { find: 'rehype-raw', replacement: fileURLToPath(new URL('src/markdown/rawHtml.ts', import.meta.url)) },
    ],
  },
  build: {
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1600, // the largest chunk is a layout engine of mermaid's that only some diagrams need; vite/budget.test.ts weighs what everybody loads
    rolldownOptions: {
      input: ['index.html', 'diagram.html'],
      // Everything is built on these, so they share one file: each further file would cost a round trip before the first
      // paint.
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /\/node_modules\/(react|react-dom|scheduler|zustand|@lingui\/core)\/|\/src\/base\.ts$/ },
          ],
        },
      },
    },
  },
  // The frame that draws diagrams has no origin.
  server: { proxy: { '/api': 'http://127.0.0.1:8080' }, cors: { origin: [defaultAllowedOrigins, 'null'] } },
  // Tests that measure times do so themselves; a busy machine is no failure.
  test: { environment: 'jsdom', alias: [{ find: /^.*\.po\?later\?lingui$/, replacement: fileURLToPath(new URL('src/i18n/noTexts.ts', import.meta.url)) }], testTimeout: 60_000, include: ['{src,vite}/**/*.test.{ts,tsx}'], setupFiles: ['src/i18n/testing.ts'], server: { deps: { inline: ['streamdown'] } } },
});
