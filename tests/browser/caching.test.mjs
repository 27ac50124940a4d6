// The browser keeps lists and histories, asks whether they are still the same, and shows what it has; the page does not
// notice.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { User, eventually } from '../support/api.mjs';
import { baseUrl, launch } from './browser.mjs';

let browser;

before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('what has not changed is asked about and not sent again; what has is', async () => {
  const user = await User.register();
  const { sessionId } = await user.say('hello');
  const page = await (await browser.newContext()).newPage();
  await page.goto(new URL('favicon.svg', baseUrl).href);
  const read = (path) =>
    page.evaluate(
      async ([url, token]) => {
        const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
        return { status: response.status, list: await response.json() };
      },
      [new URL(path, baseUrl).href, user.token],
    );
  const answered = (program, path) =>
    readFileSync(`${process.env.LAMPLIGHT_VAR}/log/${program}.log`, 'utf8')
      .split('\n')
      .filter((line) => line.includes(` path=/${path} `) && line.includes(` user=${user.id}`))
      .map((line) => Number(/ status=(\d+) /.exec(line)[1]));
  for (const [program, path] of [['sessions', 'api/ai/sessions'], ['messages', `api/ai/sessions/${sessionId}/messages`]]) {
    const first = await read(path);
    assert.equal(first.status, 200);
    assert.deepEqual(await read(path), first);
    await eventually(() => answered(program, path).join() === '200,304');
    await user.say('more', { sessionId });
    assert.notDeepEqual((await read(path)).list, first.list);
    await eventually(() => answered(program, path).join() === '200,304,200');
  }
});
