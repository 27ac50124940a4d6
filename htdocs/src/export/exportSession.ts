import { readPage } from '../api/http';
import { readInstructions } from '../api/instructions';
import type { Message } from '../api/messages';
import type { Session } from '../api/sessions';
import { download, fileName } from './download';
import { namedModels, toMarkdown } from './markdown';

type Format = 'markdown' | 'json';

/** Reads a session's whole history and offers it as a file. */
export async function exportSession(session: Session, format: Format): Promise<void> {
  const [messages, { instructions }] = await Promise.all([readAll(session.id), readInstructions(session.id)]);
  const own = instructions === '' ? {} : { instructions };
  if (format === 'markdown') download(fileName(session, 'md'), 'text/markdown', toMarkdown(session, messages, instructions, await namedModels()));
  else download(fileName(session, 'json'), 'application/json', `${JSON.stringify({ session, ...own, messages }, null, 2)}\n`);
}

async function readAll(sessionId: string): Promise<Message[]> {
  const pages: Message[][] = [];
  for (let query: string | null = '?limit=200'; query !== null; ) {
    const page: { items: Message[]; more: string | null } = await readPage<Message>(`ai/sessions/${sessionId}/messages${query}`, 'prev');
    pages.unshift(page.items);
    query = page.more;
  }
  return pages.flat();
}
