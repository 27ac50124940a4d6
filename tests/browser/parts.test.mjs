// What a reply can contain beside text: tool calls, sources, formulas.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, newVisitor, register, replies, send, shot } from './browser.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(() => browser.close());

const eventStream = (chunks) => ({
  contentType: 'text/event-stream',
  body: [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((event) => `data: ${event}\n\n`).join(''),
});
const text = (value) => [{ type: 'text-start', id: 't' }, { type: 'text-delta', id: 't', delta: value }, { type: 'text-end', id: 't' }];

/** Answers the next messages with these streams, one after the other; returns what the page posted. */
async function answers(page, ...streams) {
  const posts = [];
  await page.unroute('**/api/ai/chat');
  await page.route('**/api/ai/chat', (route) => {
    posts.push(route.request().postDataJSON());
    return route.fulfill(eventStream(streams.shift()));
  });
  return posts;
}

test('a tool call is a card, asks for approval, and the reply goes on', async () => {
  const { page } = ada;
  const posts = await answers(
    page,
    [
      { type: 'start', messageId: '11' }, { type: 'start-step' },
      { type: 'tool-input-available', toolCallId: 'c1', toolName: 'remove', input: { file: 'a.txt' } },
      { type: 'tool-approval-request', approvalId: 'ap', toolCallId: 'c1' },
      { type: 'finish-step' }, { type: 'finish', finishReason: 'tool-calls' },
    ],
    [
      { type: 'start', messageId: '11' }, { type: 'tool-output-available', toolCallId: 'c1', output: { removed: true } },
      { type: 'start-step' }, { type: 'source-url', sourceId: 's', url: 'https://example.org/', title: 'A source' },
      ...text('It is gone.'), { type: 'finish-step' }, { type: 'finish', finishReason: 'stop' },
    ],
  );
  await send(page, 'Remove a.txt');
  await page.getByText('needs your approval', { exact: true }).waitFor();
  await shot(page, 'approval');
  await page.getByRole('button', { name: 'Allow' }).click();
  await replies(page).getByText('It is gone.').waitFor();
  await page.getByRole('link', { name: 'A source' }).waitFor();
  const part = posts[1].messages.at(-1).parts.find(({ type }) => type === 'tool-remove');
  assert.equal(part.state, 'approval-responded');
  assert.equal(part.approval.approved, true);
});

test('a call that the page answers', async () => {
  const { page } = ada;
  const posts = await answers(
    page,
    [
      { type: 'start', messageId: '12' }, { type: 'start-step' },
      { type: 'tool-input-available', toolCallId: 'c2', toolName: 'ask', input: { question: 'Which colour?' } },
      { type: 'finish-step' }, { type: 'finish', finishReason: 'tool-calls' },
    ],
    [{ type: 'start', messageId: '12' }, { type: 'start-step' }, ...text('Green it is.'), { type: 'finish-step' }, { type: 'finish', finishReason: 'stop' }],
  );
  await send(page, 'Paint it');
  await page.getByLabel('Your answer to ask').fill('"green"');
  await page.getByRole('button', { name: 'Answer', exact: true }).click();
  await replies(page).getByText('Green it is.').waitFor();
  assert.equal(posts[1].messages.at(-1).parts.find(({ type }) => type === 'tool-ask').output, 'green');
});

test('formulas are drawn, and money is not a formula', async () => {
  const { page } = ada;
  await answers(page, [
    { type: 'start', messageId: '13' },
    ...text('The sum \\(a^2 + b^2\\) costs $5 or $10:\n\n\\[ \\int_0^1 x\\,dx = \\frac{1}{2} \\]\n\n$$\\href{javascript:window.ran=9}{x}$$'),
    { type: 'finish', finishReason: 'stop' },
  ]);
  await send(page, 'Some mathematics');
  await replies(page).locator('math').nth(1).waitFor();
  await replies(page).getByText(/costs \$5 or \$10/).waitFor();
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.equal(await page.locator('article [href^="javascript"]').count(), 0);
  await shot(page, 'formulas');
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
