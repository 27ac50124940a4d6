import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('what a field takes by a pattern, the browser can say: in a title', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));
  const fields = sources.flatMap((name) => readFileSync(`src/${name}`, 'utf8').match(/<\w+ [^<]*\bpattern=[^<]*/g) ?? []);
  expect(fields.length).toBeGreaterThan(2);
  expect(fields.filter((field) => !/\btitle=/.test(field))).toEqual([]);
});
