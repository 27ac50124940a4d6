/** Every sentence and code of the server has a translation here, and there are no translations for others. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { knownLimits } from '../account/LimitList';
import { knownMembers as knownAdminMembers } from '../admin/rules';
import { adminSentenceOf, knownAdminCodes } from '../admin/sentences';
import { faultSentence, knownFaults } from '../api/faults';
import { ApiError, knownCodes, problemOf, usernameRule, type About } from '../api/problem';
import { knownReplySentences, replySentence } from '../api/replySentences';
import { knownMembers as knownLibraryMembers } from '../library/rules';
import { knownLibraryCodes, librarySentenceOf } from '../library/sentences';

const source = (path: string): string => readFileSync(`../${path}`, 'utf8').replace(/\/\*[^]*?\*\//g, '');

/** C's string literals, with adjacent ones joined. */
function textsIn(path: string): string[] {
  const literals = source(path).match(/"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*/g) ?? [];
  return literals.map((literal) => literal.replace(/"\s*"/g, '').slice(1, -1));
}

const saidInReplies = [
  'lib/llm/web_page.c', 'lib/chat/reply.c', 'lib/chat/reply_end.c', 'lib/chat/steps_tools.c', 'lib/tool/http.c', 'lib/tool/page.c', 'lib/tool/time.c',
  'lib/chat/takeover.c',
].flatMap(textsIn).filter((text) => /^[A-Z].* .*\.$/.test(text));

test('the page knows every sentence that the server writes into replies', () => {
  expect(saidInReplies.length).toBeGreaterThan(10);
  expect([...knownReplySentences].sort()).toEqual([...new Set(saidInReplies)].sort());
});

/** The table of faults, each with its word and its sentence; those without a sentence are not failures. */
const faults = [...source('lib/wire/event.c').matchAll(/\[LLM_\w+\] = \{ "(\w+)", \w+,\s*((?:"[^"]*"\s*)+)\}/g)]
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
  const ofNobody = ['none', 'register', 'ready']; // nobody who registers has an account, and neither have load balancers
  expect([...knownLimits].sort()).toEqual([...rules, ...budgets].filter((word) => !ofNobody.includes(word ?? '')).sort());
});

test('a number in it is kept, and other words stay', () => {
  expect(replySentence("The page's server responded with status 503.")).toBe('The page’s server responded with status 503.');
  expect(replySentence('Out of paper.')).toBe('Out of paper.');
});

test('the page knows every code with which the server refuses', () => {
  const table = [...source('lib/base/err.c').matchAll(/\[ERR_\w+\] = \{ \d+, "(\w+)"/g)].map(([, code]) => code ?? '');
  const programs = ['cgi-bin', 'lib/api', 'lib/chat', 'lib/http'].flatMap((folder) => readdirSync(`../${folder}`).map((name) => `${folder}/${name}`));
  const single = programs.filter((path) => path.endsWith('.c'))
    .flatMap((path) => [...source(path).matchAll(/(?:request_fail|refuse)\(\s*\w+, \w+, "(\w+)"/g)]).map(([, code]) => code ?? '');
  expect(table.length).toBeGreaterThan(10);
  // The reasons for which changes by administrators are refused.
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
  expect(await limited({ scope: 'network', waitSeconds: 7200 })).toBe('Too many requests from your network. Try again in 2 hours.');
  expect(await limited({ scope: 'network', rule: 'register', waitSeconds: 7200 })).toBe('Too many attempts to create an account from your network. Try again in 2 hours.');
  expect(await limited({ scope: 'network', rule: 'login', waitSeconds: 90 })).toBe('Too many attempts to log in from your network. Try again in 2 minutes.');
  expect(await limited({ scope: 'all', rule: 'register', waitSeconds: 7200 })).toBe('Too many attempts to create an account on this server. Try again in 2 hours.');
  expect(await limited({ scope: 'all', rule: 'login', waitSeconds: 1 })).toBe('The server is busy right now. Try again in 1 second.');
  expect((await problemOf(refusal({ code: 'rate_limited' }))).message).toBe('Too many requests. Wait a moment and try again.');
  const waits = (code: string): Response => new Response(JSON.stringify({ code }), { status: 429, headers: { 'retry-after': '7200' } });
  expect((await problemOf(waits('too_many_requests'))).message).toBe('Too many attempts. Try again in 2 hours.');
  expect((await problemOf(waits('unavailable'))).message).toBe('The server isn’t available right now. Try again in 2 hours.');
  expect((await problemOf(waits('messages_used_up'))).message).toBe('You’ve used all your messages for today. You’ll get more in 2 hours.');
  expect((await problemOf(waits('too_many_at_once'))).message).toMatch(/^Too many of your requests are running/);
});

test('what is wrong with a field says which, and what it takes', async () => {
  const wrong = async (body: object): Promise<[string | undefined, string]> => {
    const { field, message } = await problemOf(refusal(body));
    return [field, message];
  };
  expect(await wrong({ code: 'invalid', field: 'username', detail: 'A username has…' })).toEqual(['username', '3 to 64 letters, digits or . _ @ - (2 are enough outside A–Z).']);
  expect(await wrong({ code: 'invalid', field: 'title', detail: 'A title has at most 200 characters.' })).toEqual(['title', 'A title has at most 200 characters.']);
  expect(await wrong({ code: 'invalid', detail: 'No JSON.' })).toEqual([undefined, 'The server didn’t understand this request. Reload the page and try again.']);
  expect((await wrong({ code: 'password_common', field: 'newPassword' }))[0]).toBe('newPassword');
  expect((await wrong({ code: 'otp_wrong' }))[0]).toBe('code');
  expect((await problemOf(refusal({}))) instanceof ApiError).toBe(true);
});

test('each rule for usernames that the server knows has a sentence of its own', async () => {
  const rules = [...source('lib/json/name.c').matchAll(/\[[A-Z]+\] = \{\s*"(\w+)",/g)].map(([, rule]) => rule ?? '');
  expect(rules.sort()).toEqual(['order', 'scripts', 'signs', 'too_long', 'too_short']);
  const told = await Promise.all(rules.map(async (rule) => (await problemOf(refusal({ code: 'invalid', field: 'username', detail: 'x', about: { rule } }))).message));
  expect(told.map((sentence) => sentence.slice(0, 41))).toEqual([
    usernameRule().slice(0, 41), 'Use letters of one alphabet only. Latin l', 'Use only letters, digits and . _ @ -, wit', 'Use at most 64 characters.', 'Use at least 3 characters, or 2 outside A',
  ]);
});

test('how large a message may be is said in round numbers', async () => {
  const told = async (maxBytes: number): Promise<string> => (await problemOf(refusal({ code: 'too_large_to_store', about: { maxBytes } }))).message;
  expect(await told(1_500_000)).toMatch(/ at most 1 MB /);
  expect(await told(64 * 1024 * 1024)).toMatch(/ at most 64 MB /);
  expect(await told(16_384)).toMatch(/ at most 16 kB /);
  expect((await problemOf(refusal({ code: 'too_large_to_store' }))).message).toBe('This is too large to send.');
});

/** The tables of members with which forms are parsed. */
function membersIn(path: string, table: string): string[] {
  const [, rows = ''] = new RegExp(`admin_member ${table}\\[\\] = \\{([^;]*)\\};`).exec(source(path)) ?? [];
  return [...rows.matchAll(/\{ "(\w+)",/g)].map(([, member]) => member ?? '');
}

test('every member that a form of the server can call wrong is told by the label of its field', () => {
  // Values from a list, a checkbox or the page itself are never wrong.
  const chosen = ['providerId', 'effort', 'fallbackId', 'enabled', 'isDefault', 'modelId', 'tools', 'published', 'id', 'mine', 'updateTime'];
  const entered = (members: string[]): string[] => [...new Set(members)].filter((member) => !chosen.includes(member)).sort();
  const [provider, model] = [membersIn('lib/api/admin_form_provider.c', 'members'), membersIn('lib/api/admin_form_model.c', 'members')];
  const [assistant, prompt] = ['members', 'prompt_members'].map((table) => membersIn('lib/api/assistant_form.c', table));
  expect([provider, model, assistant, prompt].map((members) => (members ?? []).length > 3)).toEqual([true, true, true, true]);
  expect([...knownAdminMembers].sort()).toEqual(entered([...provider, ...model]));
  expect(knownLibraryMembers('assistant').sort()).toEqual(entered(assistant ?? []));
  expect(knownLibraryMembers('prompt').sort()).toEqual(entered(prompt ?? []));
});

test('no member’s name comes through, and what may be wrong in several ways is told apart', async () => {
  const said = async (field: string, about: About = {}): Promise<string> =>
    adminSentenceOf(await problemOf(refusal({ code: 'invalid', field, detail: `"${field}" is wrong.`, about })));
  expect(await said('baseUrl')).toBe('“Address” takes an http or https address, without a password, ? or #.');
  expect(await said('prices')).toBe('“Prices per million tokens” takes numbers from 0 to 1,000,000.');
  expect(await said('options')).toBe('“Extra request fields” takes a JSON object of at most 16 KB.');
  expect(await said('options', { rule: 'reserved', member: 'messages' })).toBe('“Extra request fields” can’t have “messages”: the server writes it itself.');
  expect(await said('kind', { rule: 'reserved', model: 'Lamp "1"', member: 'input' })).toMatch(/^The model “Lamp "1"” has the extra request field “input”/);
  expect(await said('kind')).toBe('"kind" is wrong.');
  expect(await said('key', { rule: 'moved' })).toMatch(/Enter the key again\.$/);
  expect(await said('headers', { rule: 'moved' })).toMatch(/Enter their values again\.$/);
  expect(await said('key')).toMatch(/Copy the key again\.$/);
  expect(await said('proxy', { rule: 'password' })).toMatch(/^A proxy with a password/);
  const words = ['form_provider', 'form_model', 'provider'].flatMap((file) => [...source(`lib/api/admin_${file}.c`).matchAll(/about\.rule = "(\w+)"/g)]);
  expect(words.map(([, rule]) => rule)).toEqual(['password', 'reserved', 'moved']);
  const options = async (about: About): Promise<string> => librarySentenceOf(await problemOf(refusal({ code: 'invalid', field: 'options', detail: 'No.', about })), 'assistant');
  expect(await options({ member: 'temperature' })).toBe('“Temperature” takes numbers from 0 to 2.');
  expect(await options({ member: 'maxTokens' })).toMatch(/^“Maximum reply length/);
  expect(await options({})).toBe('No.');
  const icon = await problemOf(refusal({ code: 'invalid', field: 'icon', detail: '"icon" is one emoji, or empty.' }));
  expect(librarySentenceOf(icon, 'assistant')).toBe('“Icon” takes one emoji.');
});
