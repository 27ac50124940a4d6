/** What the service worker keeps, and what an installation needs; needs the built page. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const built = existsSync('dist/sw.js');
const source = built ? readFileSync('dist/sw.js', 'utf8') : '';
const shell = JSON.parse(/^const shell = (\[.*\]);$/m.exec(source)?.[1] ?? '[]') as string[];
const html = built ? readFileSync('dist/index.html', 'utf8') : '';

test('the page is built: npm run build', () => {
  expect(built).toBe(true);
});

describe.runIf(built)('the service worker', () => {
  const all = built ? readdirSync('dist/assets').filter((name) => /\.(js|css)$/.test(name)) : [];
  const named = new Set([...html.matchAll(/assets\/([\w.-]+)/g)].map(([, name = '']) => name));

  /** The files that this one names, as code or as a style. */
  const namedBy = (name: string): string[] => {
    const code = name.endsWith('.js') ? readFileSync(`dist/assets/${name}`, 'utf8') : '';
    return all.filter((each) => each !== name && code.includes(`/${each}`));
  };
  const isTooLarge = (name: string): boolean => !named.has(name) && readFileSync(`dist/assets/${name}`).length > 150_000;

  test('keeps what index.html names and all that comes from there, but for what is large and has a stand-in; and all of it is there', () => {
    const expected = new Set(named);
    for (const name of expected) for (const each of namedBy(name)) if (!isTooLarge(each)) expected.add(each);
    expect(named.size).toBeGreaterThan(8);
    expect(expected.size).toBeGreaterThan(named.size + 20);
    const plain = ['./', './s/index.html', './first.js', './favicon.svg', './manifest.json'];
    expect([...shell].sort()).toEqual([...plain, ...[...expected].map((name) => `./assets/${name}`)].sort());
    for (const path of shell) expect(existsSync(`dist/${path.endsWith('/') ? `${path}index.html` : path}`), path).toBe(true);
  });

  test('keeps what a click asks for, and no grammars, formulas and diagrams', () => {
    const kept = (name: string): boolean => shell.some((path) => path.startsWith(`./assets/${name}-`));
    const clicks = ['Menu', 'AccountActions', 'SessionActions', 'ReplyActions', 'SearchResults', 'AccountView', 'ArchiveView', 'ShortcutSheet', 'ToolCall', 'SourceList', 'Viewer'];
    for (const name of clicks) expect(kept(name), name).toBe(true);
    for (const name of ['ColouredCode', 'katex', 'cytoscape.esm', 'elk', 'diagram']) expect(kept(name), name).toBe(false);
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
