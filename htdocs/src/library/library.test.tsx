import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answers, asked, menu, refusal, startAdmin } from '../admin/testing';
import type { Assistant } from '../api/assistants';
import { useAssistants } from '../stores/assistants';
import { useDrafts } from '../stores/drafts';
import { useModels } from '../stores/models';
import { usePrompts } from '../stores/prompts';
import { useRole } from '../stores/role';
import LibraryView from './LibraryView';

configure({ asyncUtilTimeout: 30_000 }); // a busy machine is not a failure
const assistant = (change: Partial<Assistant> = {}): Assistant => ({
  id: '10', name: 'Owl', icon: '🦉', description: 'Knows birds', modelId: null, options: {}, tools: null, starters: [], mine: true, published: false, version: 3, updateTime: '2026-01-02T03:04:05Z', ...change,
});

beforeEach(() => {
  startAdmin();
  useModels.setState({ models: [], picked: {}, known: {} });
  useAssistants.setState({ assistants: [], known: false, defaultId: null });
  usePrompts.setState({ prompts: null });
  useRole.setState({ admin: false });
  useDrafts.setState({ drafts: {} });
  answers['GET ai/assistants'] = () => Response.json({ assistants: [assistant(), assistant({ id: '11', name: 'Raven', mine: false, published: true })], defaultId: '11' });
  answers['GET ai/assistants/10'] = () => Response.json({ ...assistant(), instructions: 'Be a bird, {{user.name}}.' });
  answers['GET ai/prompts'] = () => Response.json({ prompts: [{ id: '20', name: 'sum', text: 'Sum up {{topic}}.', mine: true, published: false, version: 1 }] });
  answers['GET me'] = () => Response.json({ createTime: '', role: 'user' });
  answers['GET ai/chat/tools'] = () => Response.json({ tools: [{ name: 'clock' }, { name: 'web' }] });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const posted = () => asked.findLast(({ method }) => method === 'POST' || method === 'PATCH');
const input = (label: string): HTMLInputElement => screen.getByLabelText(label);

test('one’s own and those of others are apart; only one’s own are changed', async () => {
  render(<LibraryView view="assistants" />);
  const own = await screen.findByRole('list', { name: 'Your assistants' });
  within(own).getByText('Owl');
  within(screen.getByRole('list', { name: 'For everyone on this server' })).getByText('site default');
  fireEvent.click(screen.getByRole('button', { name: 'More for Raven' }));
  await screen.findByRole('menuitem', { name: 'Copy link' });
  expect(screen.queryByRole('menuitem', { name: 'Edit' })).toBeNull();
});

test('an assistant is changed with the version that was seen, and what it said is there to be changed', async () => {
  render(<LibraryView view="assistants" />);
  await screen.findByText('Owl');
  await menu('More for Owl', 'Edit');
  await waitFor(() => expect(input('Instructions').value).toBe('Be a bird, {{user.name}}.'));
  fireEvent.change(input('Conversation starters'), { target: { value: ' Sing \n\n Fly ' } });
  fireEvent.click(await screen.findByLabelText('All tools'));
  fireEvent.click(await screen.findByLabelText('web'));
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(posted()).toMatchObject({ method: 'PATCH', path: 'ai/assistants/10', body: { version: 3, name: 'Owl', instructions: 'Be a bird, {{user.name}}.', starters: ['Sing', 'Fly'], tools: ['clock'], modelId: null } });
});

test('what the server would refuse is not sent; what it refuses is told, and what was typed stays', async () => {
  render(<LibraryView view="assistants" />);
  fireEvent.click(screen.getByRole('button', { name: 'Add assistant' }));
  fireEvent.change(input('Name'), { target: { value: 'Wren' } });
  fireEvent.change(input('Instructions'), { target: { value: 'Be small.' } });
  fireEvent.change(input('Conversation starters'), { target: { value: Array(7).fill('x').join('\n') } });
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  await screen.findByText('At most 6 starters, one per line.');
  expect(posted()).toBeUndefined();
  fireEvent.change(input('Conversation starters'), { target: { value: '' } });
  answers['POST ai/assistants'] = () => refusal(409, 'too_many');
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  await screen.findByText('You can’t have any more of these. Delete some first.');
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  fireEvent.click(screen.getByRole('button', { name: 'Add assistant' }));
  expect(input('Instructions').value).toBe('Be small.');
});

test('an administrator publishes; others are not offered it', async () => {
  answers['GET me'] = () => Response.json({ createTime: '', role: 'admin' });
  render(<LibraryView view="assistants" />);
  await screen.findByText('Owl');
  await waitFor(() => expect(useRole.getState().admin).toBe(true));
  await menu('More for Owl', 'Publish for everyone');
  await waitFor(() => expect(posted()).toMatchObject({ method: 'PATCH', path: 'ai/assistants/10', body: { version: 3, published: true } }));
});

test('the link of an assistant begins a chat with it', async () => {
  render(<LibraryView view="assistants" />);
  fireEvent.click(await screen.findByRole('link', { name: 'Start a chat with Raven' }));
  expect(Object.values(useModels.getState().picked)).toEqual([{ assistant: '11' }]);
});

const choose = (content: string): void => {
  const [input] = document.querySelectorAll<HTMLInputElement>('input[type=file]');
  fireEvent.change(input as HTMLInputElement, { target: { files: [new File([content], 'x.json', { type: 'application/json' })] } });
};
const library = (more: object = {}): string => JSON.stringify({ lamplight: 'library', version: 1, assistants: [{ name: 'Owl' }, { name: 'Wren' }], prompts: [], ...more });
const closeReport = async (button = 'Choose another file'): Promise<void> => {
  fireEvent.click(screen.getByRole('button', { name: button }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
};

test('all is exported as one file', async () => {
  const urls: Blob[] = [];
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: (blob: Blob) => `blob:${urls.push(blob)}`, revokeObjectURL: () => undefined }));
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  answers['GET ai/library'] = () => new Response(library());
  render(<LibraryView view="prompts" />);
  fireEvent.click(screen.getByRole('button', { name: 'Export all' }));
  await waitFor(() => expect(click).toHaveBeenCalled());
  expect((click.mock.contexts[0] as HTMLAnchorElement).download).toMatch(/^lamplight-assistants-\d{4}-\d\d-\d\d\.json$/);
  expect(await urls[0]?.text()).toBe(library());
});

test('an import says what came in and what was there, and the lists are read again', async () => {
  render(<LibraryView view="assistants" />);
  await screen.findByText('Owl');
  answers['POST ai/library'] = () =>
    Response.json({
      added: 2,
      skipped: 1,
      items: [
        { kind: 'assistant', name: 'Wren', added: true, modelLost: true },
        { kind: 'assistant', name: 'Jay', added: false, modelLost: true },
        { kind: 'prompt', name: 'sum', added: true, as: 'sum-2' },
      ],
    });
  const before = asked.length;
  choose(library());
  const added = within(await screen.findByRole('list', { name: 'Added' }));
  added.getByText('Wren');
  added.getByText('Its model isn’t available here. It uses the default model.');
  added.getByText('/sum-2');
  added.getByText('You have another prompt with the name /sum.');
  const there = within(screen.getByRole('list', { name: 'Already there' }));
  expect(there.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(['Jay']);
  expect(posted()).toEqual({ method: 'POST', path: 'ai/library', body: JSON.parse(library()) });
  await waitFor(() => expect(asked.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual(expect.arrayContaining(['GET ai/assistants', 'GET ai/prompts'])));
  await closeReport('Done');
});

test('what is no such file is not sent; what the server refuses is named', async () => {
  render(<LibraryView view="assistants" />);
  for (const content of ['', 'hello', '[]', '{"version":1}', 'null', '{"lamplight":"library"']) {
    choose(content);
    await screen.findByRole('heading', { name: 'Nothing was imported' });
    screen.getByText('This isn’t a file of assistants and prompts. Choose one that was saved with Export.');
    await closeReport();
  }
  choose(`"${'x'.repeat(4 * 1024 * 1024)}"`);
  await screen.findByText('This file is too large. It can have at most 4 MB.');
  await closeReport();
  expect(posted()).toBeUndefined();

  const said: [() => Response, string][] = [
    [() => refusal(400, 'invalid', { field: 'lamplight', detail: 'x' }), 'This isn’t a file of assistants and prompts. Choose one that was saved with Export.'],
    [() => refusal(400, 'invalid', { field: 'assistants', detail: 'x', about: { item: 2, detail: '"icon" is one emoji.' } }), 'Assistant 2 (Wren) in the file can’t be used.'],
    [() => refusal(400, 'invalid', { field: 'prompts', detail: 'x', about: { item: 9, detail: '"text" is missing.' } }), 'Prompt 9 in the file can’t be used.'],
    [() => refusal(409, 'library_full'), 'Your assistants and prompts take up all the room there is for them. Shorten or delete some first.'],
    [() => refusal(413, 'too_large'), 'This file is too large. It can have at most 4 MB.'],
  ];
  for (const [answer, sentence] of said) {
    answers['POST ai/library'] = answer;
    choose(library());
    await screen.findByText(sentence);
    if (sentence.startsWith('Assistant')) screen.getByText('"icon" is one emoji.');
    await closeReport();
  }
});

test('a prompt is added by its name, with or without the slash, and deleted when it is confirmed', async () => {
  render(<LibraryView view="prompts" />);
  await screen.findByText('/sum');
  fireEvent.click(screen.getByRole('button', { name: 'Add prompt' }));
  fireEvent.change(input('Name'), { target: { value: '/fix' } });
  fireEvent.change(input('Text'), { target: { value: 'Fix {{what}} in {{where}}.' } });
  screen.getByText('Asks for: what, where');
  answers['POST ai/prompts'] = () => refusal(409, 'name_taken');
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  await screen.findByText('You already have a prompt with this name.');
  expect(posted()).toEqual({ method: 'POST', path: 'ai/prompts', body: { name: 'fix', text: 'Fix {{what}} in {{where}}.' } });
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await menu('More for /sum', 'Delete');
  fireEvent.click(screen.getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(asked.some(({ method, path }) => method === 'DELETE' && path === 'ai/prompts/20')).toBe(true));
});

test('an assistant that is deleted meanwhile is named, and what was typed is added as a new one', async () => {
  render(<LibraryView view="assistants" />);
  await screen.findByText('Owl');
  await menu('More for Owl', 'Edit');
  await waitFor(() => expect(input('Instructions').value).toBe('Be a bird, {{user.name}}.'));
  fireEvent.change(input('Instructions'), { target: { value: 'Be an owl.' } });
  answers['PATCH ai/assistants/10'] = () => refusal(404, 'not_found');
  answers['GET ai/assistants'] = () => Response.json({ assistants: [] });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText('This assistant was deleted in the meantime. What you entered is still here. You can add it as new.');
  await screen.findByRole('heading', { name: 'New assistant' });
  expect([input('Name').value, input('Description').value]).toEqual(['Owl', 'Knows birds']);
  fireEvent.click(screen.getByRole('button', { name: 'Add as new' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(posted()).toMatchObject({ method: 'POST', path: 'ai/assistants', body: { name: 'Owl', description: 'Knows birds', instructions: 'Be an owl.' } });
});

test('an assistant that is deleted before its form has opened is not asked for again', async () => {
  render(<LibraryView view="assistants" />);
  await screen.findByText('Owl');
  answers['GET ai/assistants/10'] = () => refusal(404, 'not_found');
  await menu('More for Owl', 'Edit');
  await screen.findByText('This assistant was deleted in the meantime.');
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
});

test('the same with a prompt; a name that the server refuses is told by its label', async () => {
  render(<LibraryView view="prompts" />);
  await screen.findByText('/sum');
  await menu('More for /sum', 'Edit');
  fireEvent.change(input('Text'), { target: { value: 'Sum it up.' } });
  answers['PATCH ai/prompts/20'] = () => refusal(404, 'not_found');
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText(/^This prompt was deleted in the meantime\./);
  answers['POST ai/prompts'] = () => refusal(400, 'invalid', { field: 'name', detail: '"name" has 1 to 64 of the letters a to z, digits and "-".' });
  fireEvent.click(screen.getByRole('button', { name: 'Add as new' }));
  await screen.findByText('“Name” takes 1 to 64 lowercase letters a–z, digits and hyphens.');
  expect(posted()).toMatchObject({ method: 'POST', path: 'ai/prompts', body: { name: 'sum', text: 'Sum it up.' } });
});

test('what is deleted already needs no deleting', async () => {
  answers['DELETE ai/prompts/20'] = () => refusal(404, 'not_found');
  render(<LibraryView view="prompts" />);
  await screen.findByText('/sum');
  await menu('More for /sum', 'Delete');
  fireEvent.click(screen.getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

/** As Escape and a click outside do. */
async function leave(): Promise<void> {
  screen.getByRole<HTMLDialogElement>('dialog').close();
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
}

test('what closes the form of an assistant takes no field with it, until it is discarded or saved', async () => {
  render(<LibraryView view="assistants" />);
  const typed = { Icon: '🐦', Name: 'Wren', Description: 'Sings', Instructions: 'Be small.', 'Conversation starters': 'Sing' };
  const shown = () => Object.keys(typed).map((label) => input(label).value);
  fireEvent.click(screen.getByRole('button', { name: 'Add assistant' }));
  for (const [label, value] of Object.entries(typed)) fireEvent.change(input(label), { target: { value } });
  fireEvent.click(await screen.findByLabelText('All tools'));
  fireEvent.click(await screen.findByLabelText('web'));
  await leave();
  fireEvent.click(screen.getByRole('button', { name: 'Add assistant' }));
  expect(shown()).toEqual(Object.values(typed));
  expect((await screen.findByLabelText<HTMLInputElement>('web')).checked).toBe(false);
  fireEvent.click(screen.getByRole('button', { name: 'Discard changes' }));
  expect(shown()).toEqual(Object.values(typed).map(() => ''));
  expect(useDrafts.getState().drafts).toEqual({});
  expect(screen.queryByRole('button', { name: 'Discard changes' })).toBeNull();
  for (const [label, value] of Object.entries(typed)) fireEvent.change(input(label), { target: { value } });
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  await waitFor(() => expect(useDrafts.getState().drafts).toEqual({}));
});

/** Its answer arrives when it is released. */
function held(): () => void {
  let go = (): void => {};
  const answer = new Promise<void>((resolve) => (go = resolve));
  answers['PATCH ai/assistants/10'] = answers['PATCH ai/prompts/20'] = () => answer.then(() => Response.json({}));
  return go;
}

test.each([
  ['assistants', 'Owl', 'Instructions'],
  ['prompts', '/sum', 'Text'],
] as const)('%s: what is typed while it is being saved is a draft afterwards', async (view, name, label) => {
  render(<LibraryView view={view} />);
  await screen.findByText(name);
  await menu(`More for ${name}`, 'Edit');
  await waitFor(() => expect(input(label).value).not.toBe(''));
  const go = held();
  fireEvent.change(input(label), { target: { value: 'Saved.' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  fireEvent.change(input(label), { target: { value: 'Saved. And more.' } });
  go();
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await menu(`More for ${name}`, 'Edit');
  await waitFor(() => expect(input(label).value).toBe('Saved. And more.'));
});
