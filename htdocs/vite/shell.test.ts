/** What the service worker keeps, and what an installation needs: needs the page to be built. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const built = existsSync('dist/sw.js');
const source = built ? readFileSync('dist/sw.js', 'utf8') : '';
const shell = JSON.parse(/^const shell = (\[.*\]);$/m.exec(source)?.[1] ?? '[]') as string[];
const html = built ? readFileSync('dist/index.html', 'utf8') : '';

test('the page is built: npm run build', () => {
  expect(built).toBe(true);
});

describe.runIf(built)('the service worker', () => {
  test('keeps what index.html names and what is fetched ahead, and all of it is there', () => {
    const assets = [...html.matchAll(/assets\/[\w.-]+/g)].map(([name]) => `./${name}`);
    expect(assets.length).toBeGreaterThan(8);
    expect([...shell].sort()).toEqual(['./', './s/index.html', './first.js', './favicon.svg', './manifest.json', ...new Set(assets)].sort());
    for (const path of shell) expect(existsSync(`dist/${path.endsWith('/') ? `${path}index.html` : path}`), path).toBe(true);
  });

  test('knows its build and the script by which it knows the page', () => {
    expect(source).not.toContain('@');
    expect(source).toMatch(/^const build = '[0-9a-f]{16}';$/m);
    const [, entry = ''] = /^const entry = '(assets\/[\w.-]+\.js)';/m.exec(source) ?? [];
    expect(html).toContain(`src="./${entry}"`);
    expect(readFileSync('dist/s/index.html', 'utf8')).toContain(entry);
  });

  test('every icon of the manifest is there', () => {
    const { icons } = JSON.parse(readFileSync('dist/manifest.json', 'utf8')) as { icons: { src: string }[] };
    for (const { src } of icons) expect(existsSync(`dist/${src}`), src).toBe(true);
  });
});
