/** Every sentence and code of the server has its translation here, and none is here that the server no longer knows. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { knownCodes, problemOf } from './problem';
import { faultSentence, knownFaults, knownReplySentences, replySentence } from './replySentences';

const source = (path: string): string => readFileSync(`../${path}`, 'utf8').replace(/\/\*[^]*?\*\//g, '');

/** C's string literals; those that follow one another are one. */
function textsIn(path: string): string[] {
  const literals = source(path).match(/"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*/g) ?? [];
  return literals.map((literal) => literal.replace(/"\s*"/g, '').slice(1, -1));
}

const saidInReplies = [
  'lib/llm/event.c', 'lib/llm/web_page.c', 'lib/chat/reply.c', 'lib/chat/hub_tools.c', 'lib/chat/tool_http.c', 'lib/chat/tool_page.c', 'lib/chat/tool_time.c',
].flatMap(textsIn).filter((text) => /^[A-Z].* .*\.$/.test(text));

test('what the server says in replies', () => {
  expect(saidInReplies.length).toBeGreaterThan(20);
  expect([...knownReplySentences].sort()).toEqual([...new Set(saidInReplies)].sort());
});

test('a number in it is kept, and other words stay', () => {
  expect(replySentence("The page's server answered with status 503.")).toBe("The page's server answered with status 503.");
  expect(replySentence('Out of paper.')).toBe('Out of paper.');
});

test('the words of faults', () => {
  const rows = [...source('lib/llm/event.c').matchAll(/\{ "(\w+)", (?:true|false),\s*((?:"[^"]*"\s*)+)\}/g)];
  const faults = rows.map(([, word = '', texts = '']) => [word, texts.replace(/"\s*"/g, '').trim().slice(1, -1)]).filter(([, text]) => text !== '');
  expect(faults.length).toBeGreaterThan(20);
  expect(knownFaults).toEqual(Object.fromEntries(faults));
  expect(faultSentence('quota')).toBe('The quota of this server at the model is used up. Please tell the administrator of this server.');
  expect(faultSentence('unheard_of')).toBeNull();
});

test('the codes of refusals', () => {
  const table = [...source('lib/base/err.c').matchAll(/\[ERR_\w+\] = \{ \d+, "(\w+)"/g)].map(([, code]) => code ?? '');
  const programs = ['cgi-bin', 'lib/api', 'lib/chat'].flatMap((folder) => readdirSync(`../${folder}`).map((name) => `${folder}/${name}`));
  const single = programs.filter((path) => path.endsWith('.c'))
    .flatMap((path) => [...source(path).matchAll(/(?:request_fail|refuse)\(\w+, \w+, "(\w+)"/g)]).map(([, code]) => code ?? '');
  expect(table.length).toBeGreaterThan(10);
  expect([...knownCodes].sort()).toEqual([...new Set([...table, ...single])].sort());
});

const refusal = (body: object): Response => new Response(JSON.stringify(body), { status: 418 });

test('an unknown code is told in the words of the server', async () => {
  expect((await problemOf(refusal({ code: 'teapot', detail: 'this is a teapot' }))).message).toBe('This is a teapot.');
  expect((await problemOf(refusal({ code: 'not_found', detail: 'nothing here' }))).message).toBe('This was not found.');
});

test('a limit that was met says when to try again', async () => {
  const limited = async (limit: object): Promise<string> => (await problemOf(refusal({ code: 'rate_limited', limit }))).message;
  expect(await limited({ scope: 'user', waitSeconds: 1 })).toBe('That was a little too often. Please try again in 1 second.');
  expect(await limited({ scope: 'user', waitSeconds: 600 })).toBe('That was a little too often. Please try again in 10 minutes.');
  expect(await limited({ scope: 'network', waitSeconds: 7200 })).toBe('Too many people are asking for this at the moment. Please try again in 2 hours.');
  expect((await problemOf(refusal({ code: 'rate_limited' }))).message).toBe('Too many requests. Please wait a moment and try again.');
});
