/** An answer to a call that is given before the reply has ended takes effect when it has. */
import { beforeEach, expect, test, vi } from 'vitest';
import { Conversation } from './conversation';
import { events, finish, posts, reply, says, server, shown, startServer, type Chunk } from './testing';
import { answerTool, approveTool, refuseTool } from './toolAnswers';

beforeEach(startServer);

const call = (toolCallId: string): Chunk => ({ type: 'tool-input-available', toolCallId, toolName: 'danger', input: { path: '/tmp' } });
const asksFor = (toolCallId: string): Chunk => ({ type: 'tool-approval-request', approvalId: `may-${toolCallId}`, toolCallId });

/** A reply up to some point, and `end` for the rest. The next reply says "Done." */
async function halfWay(...chunks: Chunk[]): Promise<{ conversation: Conversation; end: (...rest: Chunk[]) => void; sent: Promise<void> }> {
  let feed: ReadableStreamDefaultController<string> | undefined;
  const line = (chunk: Chunk): string => `data: ${JSON.stringify(chunk)}\n\n`;
  const body = new ReadableStream<string>({ start: (controller) => void (feed = controller) });
  const answers = [
    () => new Response(body.pipeThrough(new TextEncoderStream()), { headers: { 'x-session-id': '42' } }),
    () => new Response(reply('Done.', ...finish).map(line).join('')),
  ];
  server.answers = { 'POST /api/ai/chat': () => (answers.shift() ?? (() => Response.error()))() };
  const conversation = new Conversation(null, events);
  const sent = conversation.send(says('Do it'));
  for (const chunk of [{ type: 'start', messageId: 'a1' }, ...chunks]) feed?.enqueue(line(chunk));
  await vi.waitFor(() => expect(conversation.chat.messages.at(-1)?.parts.filter(({ type }) => type === 'tool-danger')).toHaveLength(chunks.filter(({ type }) => type === 'tool-input-available').length));
  await vi.waitFor(() => expect(JSON.stringify(conversation.chat.messages)).toContain(chunks.at(-1)?.type === 'tool-approval-request' ? 'approval-requested' : 'input-available'));
  const end = (...rest: Chunk[]): void => {
    for (const chunk of [...rest, { type: 'finish', finishReason: 'tool-calls' }]) feed?.enqueue(line(chunk));
    feed?.close();
  };
  return { conversation, end, sent };
}

test('an approval that comes early lets the reply go on once it has ended', async () => {
  const { conversation, end, sent } = await halfWay(call('c1'), asksFor('c1'));
  const approved = approveTool(conversation, 'may-c1', true);
  await new Promise((resolve) => setTimeout(resolve));
  expect(posts).toHaveLength(1);
  end();
  await Promise.all([approved, sent]);
  expect(posts).toHaveLength(2);
  expect(JSON.stringify(posts[1])).toContain('"approved":true');
  expect(shown(conversation)).toContain('Done.');
});

test('two early approvals let it go on once', async () => {
  const { conversation, end, sent } = await halfWay(call('c1'), asksFor('c1'), call('c2'), asksFor('c2'));
  const approved = [approveTool(conversation, 'may-c1', true), approveTool(conversation, 'may-c2', false)];
  end();
  await Promise.all([...approved, sent]);
  expect(posts).toHaveLength(2);
});

test('an early approval of one waits for that of another, which comes later', async () => {
  const { conversation, end, sent } = await halfWay(call('c1'), asksFor('c1'));
  const approved = approveTool(conversation, 'may-c1', true);
  end(call('c2'), asksFor('c2'));
  await Promise.all([approved, sent]);
  expect(posts).toHaveLength(1);
  await approveTool(conversation, 'may-c2', true);
  expect(posts).toHaveLength(2);
});

test.each([
  ['answer', (conversation: Conversation) => answerTool(conversation, 'danger', 'c1', 'rain')],
  ['refusal', (conversation: Conversation) => refuseTool(conversation, 'danger', 'c1', 'no')],
])('an early %s lets the reply go on once it has ended', async (_, answer) => {
  const { conversation, end, sent } = await halfWay(call('c1'));
  const answered = answer(conversation);
  end();
  await Promise.all([answered, sent]);
  expect(posts).toHaveLength(2);
  expect(shown(conversation)).toContain('Done.');
});
