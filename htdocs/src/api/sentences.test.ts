/** Every sentence and code of the server has its translation here, and none is here that the server no longer knows. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { knownAdminCodes } from '../admin/sentences';
import { knownLibraryCodes } from '../library/sentences';
import { knownLimits } from '../components/account/LimitList';
import { faultSentence, knownFaults } from './faults';
import { ApiError, knownCodes, problemOf } from './problem';
import { knownReplySentences, replySentence } from './replySentences';

const source = (path: string): string => readFileSync(`../${path}`, 'utf8').replace(/\/\*[^]*?\*\//g, '');

/** C's string literals; those that follow one another are one. */
function textsIn(path: string): string[] {
  const literals = source(path).match(/"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*/g) ?? [];
  return literals.map((literal) => literal.replace(/"\s*"/g, '').slice(1, -1));
}

const saidInReplies = [
  'lib/llm/web_page.c', 'lib/chat/reply.c', 'lib/chat/reply_end.c', 'lib/chat/steps_tools.c', 'lib/tool/http.c', 'lib/tool/page.c', 'lib/tool/time.c',
  'lib/chat/takeover.c',
].flatMap(textsIn).filter((text) => /^[A-Z].* .*\.$/.test(text));

test('what the server says in replies', () => {
  expect(saidInReplies.length).toBeGreaterThan(10);
  expect([...knownReplySentences].sort()).toEqual([...new Set(saidInReplies)].sort());
});

/** The table of faults: each with its word and its sentence; those without one are no failures. */
const faults = [...source('lib/llm/event.c').matchAll(/\[LLM_\w+\] = \{ "(\w+)", \w+,\s*((?:"[^"]*"\s*)+)\}/g)]
  .map(([, word = '', literals = '']) => [word, literals.replace(/"\s*"/g, '').trim().slice(1, -1)] as const)
  .filter(([, sentence]) => sentence !== '');

test('why a reply failed: every code of the table of the server, in its words', () => {
  expect(faults.length).toBeGreaterThan(20);
  expect(knownFaults).toEqual(faults.map(([word]) => word));
  for (const [word, sentence] of faults) expect(faultSentence(word)?.replaceAll('’', "'")).toBe(sentence);
  expect(faultSentence('of_tomorrow')).toBeUndefined();
  expect(faultSentence('constructor')).toBeUndefined();
});

test('the limits that an account is told have names', () => {
  const rules = [...source('lib/conf/rule.c').matchAll(/\[LIMIT_\w+\] = "(\w+)"/g)].map(([, word]) => word);
  const budgets = [...source('lib/repo/budget.c').matchAll(/\[BUDGET_\w+\] = "(\w+)"/g)].map(([, word]) => word);
  const ofNobody = ['none', 'register', 'ready']; // nobody who registers has an account, and load balancers have none
  expect([...knownLimits].sort()).toEqual([...rules, ...budgets].filter((word) => !ofNobody.includes(word ?? '')).sort());
});

test('a number in it is kept, and other words stay', () => {
  expect(replySentence("The page's server responded with status 503.")).toBe('The page’s server responded with status 503.');
  expect(replySentence('Out of paper.')).toBe('Out of paper.');
});

test('the codes of refusals', () => {
  const table = [...source('lib/base/err.c').matchAll(/\[ERR_\w+\] = \{ \d+, "(\w+)"/g)].map(([, code]) => code ?? '');
  const programs = ['cgi-bin', 'lib/api', 'lib/chat', 'lib/http'].flatMap((folder) => readdirSync(`../${folder}`).map((name) => `${folder}/${name}`));
  const single = programs.filter((path) => path.endsWith('.c'))
    .flatMap((path) => [...source(path).matchAll(/(?:request_fail|refuse)\(\s*\w+, \w+, "(\w+)"/g)]).map(([, code]) => code ?? '');
  expect(table.length).toBeGreaterThan(10);
  // Of what administrators change, what was refused it for.
  const changes = [...source('lib/api/admin_form.c').matchAll(/\[REFUSED_\w+\] = \{ "(\w+)"/g)].map(([, code]) => code ?? '');
  expect(changes.length).toBeGreaterThan(3);
  expect([...new Set([...knownCodes, ...knownAdminCodes, ...knownLibraryCodes])].sort()).toEqual([...new Set([...table, ...single, ...changes])].sort());
});

const refusal = (body: object): Response => new Response(JSON.stringify(body), { status: 418 });

test('an unknown code is told in the words of the server', async () => {
  expect((await problemOf(refusal({ code: 'teapot', detail: 'this is a teapot' }))).message).toBe('This is a teapot.');
  expect((await problemOf(refusal({ code: 'not_found', detail: 'nothing here' }))).message).toBe('Not found.');
});

test('a limit that was met says when to try again', async () => {
  const limited = async (limit: object): Promise<string> => (await problemOf(refusal({ code: 'rate_limited', limit }))).message;
  expect(await limited({ scope: 'user', waitSeconds: 1 })).toBe('Too many requests. Try again in 1 second.');
  expect(await limited({ scope: 'user', waitSeconds: 600 })).toBe('Too many requests. Try again in 10 minutes.');
  expect(await limited({ scope: 'network', waitSeconds: 7200 })).toBe('The server is busy right now. Try again in 2 hours.');
  expect((await problemOf(refusal({ code: 'rate_limited' }))).message).toBe('Too many requests. Wait a moment and try again.');
  const waits = (code: string): Response => new Response(JSON.stringify({ code }), { status: 429, headers: { 'retry-after': '7200' } });
  expect((await problemOf(waits('too_many_requests'))).message).toBe('Too many attempts. Try again in 2 hours.');
  expect((await problemOf(waits('messages_used_up'))).message).toBe('You’ve used all your messages for today. You’ll get more in 2 hours.');
  expect((await problemOf(waits('too_many_at_once'))).message).toMatch(/^Too many of your requests are running/);
});

test('what is wrong with a field says which, and what it takes', async () => {
  const wrong = async (body: object): Promise<[string | undefined, string]> => {
    const { field, message } = await problemOf(refusal(body));
    return [field, message];
  };
  expect(await wrong({ code: 'invalid', field: 'username', detail: 'A username has…' })).toEqual(['username', '2 to 64 letters and digits of one script, and . _ @ -; in A–Z at least 3.']);
  expect(await wrong({ code: 'invalid', field: 'title', detail: 'A title has at most 200 characters.' })).toEqual(['title', 'A title has at most 200 characters.']);
  expect(await wrong({ code: 'invalid', detail: 'No JSON.' })).toEqual([undefined, 'The server didn’t understand this request. Reload the page and try again.']);
  expect((await wrong({ code: 'password_common', field: 'newPassword' }))[0]).toBe('newPassword');
  expect((await wrong({ code: 'otp_wrong' }))[0]).toBe('code');
  expect((await problemOf(refusal({}))) instanceof ApiError).toBe(true);
});
