import { expect, test } from 'vitest';
import type { Message } from '../api/messages';
import { textFile } from '../chat/textFile';
import { fileName } from './download';
import { toMarkdown } from './markdown';

const session = { id: '7', title: 'A/B: “notes”', createTime: '', updateTime: '', status: 'idle', pinned: false, archived: false } as const;

test('a conversation becomes Markdown', () => {
  const messages: Message[] = [
    { id: '1', role: 'user', parts: [{ type: 'text', text: 'Hello' }, { type: 'file', mediaType: 'image/png', filename: 'a.png', url: 'data:,' }] },
    {
      id: '2',
      role: 'assistant',
      metadata: { model: 'demo' },
      parts: [
        { type: 'step-start' },
        { type: 'reasoning', text: 'Hm.\nYes.' },
        { type: 'tool-time', toolCallId: 'c', state: 'output-available', input: { zone: 'UTC' }, output: '```' },
        { type: 'text', text: 'It is **late**.' },
        { type: 'source-url', sourceId: 's', url: 'https://example.org/', title: 'Example' },
      ],
    },
  ];
  expect(toMarkdown(session, messages)).toBe(
    [
      '# A/B: “notes”', '## You', 'Hello', '*File: a.png*', '## Reply (demo)', '> **Reasoning**\n> \n> Hm.\n> Yes.', '**Tool: time**',
      '```json\n{\n  "zone": "UTC"\n}\n```', '````\n```\n````', 'It is **late**.', '[Example](<https://example.org/>)',
    ].join('\n\n') + '\n',
  );
});

test('own instructions stand at the top', () => {
  expect(toMarkdown(session, [], 'Be brief.\nIn verse.')).toBe('# A/B: “notes”\n\n> **Instructions**\n> \n> Be brief.\n> In verse.\n');
});

test('a reply that went on where it had ended is one text', () => {
  const messages: Message[] = [
    { id: '2', role: 'assistant', parts: [{ type: 'step-start' }, { type: 'text', text: 'The first ha' }, { type: 'step-start' }, { type: 'text', text: 'lf, and the second.' }] },
  ];
  expect(toMarkdown(session, messages)).toBe('# A/B: “notes”\n\n## Reply\n\nThe first half, and the second.\n');
});

test('a text that was pasted is in it', () => {
  const file = textFile('One\n```\ntwo', 'Pasted text', []);
  expect(toMarkdown(session, [{ id: '1', role: 'user', parts: [file] }])).toBe('# A/B: “notes”\n\n## You\n\n*File: Pasted text.txt*\n\n````\nOne\n```\ntwo\n````\n');
});

test('a file is named after its session', () => {
  expect(fileName(session, 'md')).toBe('A-B-notes.md');
  expect(fileName({ ...session, title: '…' }, 'json')).toBe('7.json');
});

test('a model goes by the name that the page gives it, where it is known', () => {
  const models = [{ id: '7', label: 'Lamp One', provider: 'Lamps', abilities: {}, contextTokens: null, problem: null }];
  const by = (modelId: string): string => toMarkdown(session, [{ id: '2', role: 'assistant', metadata: { model: 'lamp-1', modelId }, parts: [] }], '', models);
  expect(by('7')).toContain('## Reply (Lamp One)');
  expect(by('8')).toContain('## Reply (lamp-1)');
});
