/** Weighs what a reader has to wait for, as it is sent; needs the built page. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

const kilobyte = 1000;
const built = existsSync('dist/index.html');
const page = new DOMParser().parseFromString(built ? readFileSync('dist/index.html', 'utf8') : '', 'text/html');

const weigh = (paths: string[]): number =>
  paths.reduce((sum, path) => sum + gzipSync(readFileSync(`dist/${path}`), { level: 9 }).length, 0) / kilobyte;

const ahead = (name: string): string[] => page.querySelector(`script[data-${name}]`)?.getAttribute(`data-${name}`)?.split(' ') ?? [];

/** The scripts that index.html itself names. */
const named = [...page.querySelectorAll('script[src], link[rel=modulepreload]')]
  .map((element) => element.getAttribute('src') ?? element.getAttribute('href') ?? '');

test('the SDK is there once', () => {
  const packages = Object.keys((JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: object }).packages);
  for (const name of ['ai', '@ai-sdk/provider-utils', 'zod', 'react']) {
    expect(packages.filter((path) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))).toHaveLength(1);
  }
});

test('the page is built: npm run build', () => {
  expect(built).toBe(true);
});

describe.runIf(built)('what is loaded', () => {
  test('the sign-in page takes less than 100 KB of script', () => {
    expect(named.length).toBeGreaterThan(1);
    expect(weigh([...named, ...ahead('en')])).toBeLessThan(100);
  });

  test('the first load takes less than 200 KB of script in every language', () => {
    for (const language of ['en', 'de', 'es', 'fr', 'pt', 'ja', 'zh']) expect(weigh([...named, ...ahead('workspace'), ...ahead(language)])).toBeLessThan(200);
  });

  // Otherwise the order in which they run would depend on the importer: a class might not exist yet when another one extends
  // it.
  test('no file of the first load needs one that needs it', () => {
    const needs = (path: string): string[] => [...readFileSync(`dist/assets/${path}`, 'utf8').matchAll(/\b(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(([, name = '']) => name);
    const circles = (path: string, above: string[]): string[] => {
      if (above.includes(path)) return [[...above.slice(above.indexOf(path)), path].join(' > ')];
      return seen.has(path) ? [] : needs(path).flatMap((next) => circles(next, [...above, path])).concat(seen.add(path) && []);
    };
    const seen = new Set<string>();
    const files = [...named, ...ahead('workspace'), ...ahead('markdown')].filter((path) => path.includes('assets/')).map((path) => path.replace(/^.*assets\//, ''));
    expect(files.flatMap((path) => circles(path, []))).toEqual([]);
    expect(seen.size).toBeGreaterThan(10);
  });

  test('the markdown renderer takes less than 160 KB more', () => {
    expect(weigh(ahead('markdown'))).toBeLessThan(160);
  });

  test('the colours of code are fetched by the first code, in a file of its own, which takes less than 70 KB', () => {
    const script = readdirSync('dist/assets').filter((name) => /^ColouredCode-.*\.js$/.test(name)).map((name) => `assets/${name}`);
    expect(script).toHaveLength(1);
    for (const path of script) expect(readFileSync(`dist/${path}`, 'utf8')).toContain('hljs-');
    expect(weigh(script)).toBeLessThan(70);
    const early = [...named, ...['workspace', 'en', 'de', 'zh', 'markdown'].flatMap(ahead)];
    expect(early.map((path) => path.replace(/^\.\//, ''))).not.toContain(script[0]);
    for (const path of early) expect(readFileSync(`dist/${path}`, 'utf8')).not.toContain('hljs-');
  });

  test.each([['.gz', gunzipSync], ['.br', brotliDecompressSync]] as const)('what the first load takes has a compressed copy %s', (ending, unpack) => {
    const hashed = [...named, ...ahead('workspace'), ...ahead('en')].filter((path) => path.includes('assets/'));
    expect(hashed.length).toBeGreaterThan(5);
    for (const path of hashed) {
      const script = readFileSync(`dist/${path}`);
      if (script.length > kilobyte) expect(unpack(readFileSync(`dist/${path}${ending}`)).equals(script)).toBe(true);
    }
  });
});
