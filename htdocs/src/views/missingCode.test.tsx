/**
 * Code that is loaded on demand may be unavailable (no network, a deploy that removed the old files): only its own part is missing, and an error is
 * shown.
 */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { toast } from 'sonner';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Message } from '../api/messages';
import { Conversation } from '../chat/conversation';
import { MenuButton } from '../controls/MenuButton';
import { AssistantMessage } from '../reply/AssistantMessage';
import { Sidebar } from '../sessions/Sidebar';
import { useShell } from '../stores/shell';
import { Workspace } from './Workspace';

const gone = vi.hoisted(() => () => {
  throw new TypeError('Failed to fetch dynamically imported module');
});
vi.mock('../controls/Menu', gone);
vi.mock('../tools/ToolCall', gone);
vi.mock('../reply/SourceList', gone);
vi.mock('../sessions/SearchResults', gone);
vi.mock('../account/ShortcutSheet', gone);
vi.mock('./AccountView', gone);
vi.mock('../sessions/SessionList', () => ({ SessionList: () => null }));
vi.mock('./ChatView', () => ({ ChatView: () => <p>the chat</p> }));

const user = { id: '1', username: 'ada' };
const unshown = 'Something here can’t be shown.';

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // React logs what a boundary has caught
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => {}, removeEventListener: () => {} }));
  vi.stubGlobal('fetch', () => new Promise(() => {}));
});
afterEach(() => {
  cleanup();
  useShell.setState({ view: 'chat', shortcutsOpen: false });
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function reply(part: object): void {
  const conversation = new Conversation('42', { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onTaken: vi.fn(), onNotSent: vi.fn() });
  const message = { id: 'a1', role: 'assistant', parts: [{ type: 'text', text: 'The end of it.' }, part] } as Message;
  render(<AssistantMessage message={message} conversation={conversation} state={{ kind: 'last', problem: null, offers: true }} />);
}

test('a menu stays a button, and each click says so', async () => {
  const said = vi.spyOn(toast, 'error');
  render(
    <MenuButton label="More" face="..." className="" align="start">
      <p>never</p>
    </MenuButton>,
  );
  for (const times of [1, 2]) {
    fireEvent.click(screen.getByRole('button', { name: 'More' }));
    await vi.waitFor(() => expect(said).toHaveBeenCalledTimes(times));
    expect(said).toHaveBeenLastCalledWith(unshown);
  }
  screen.getByRole('button', { name: 'More' });
});

test.each([
  ['a call of a tool that waits for an approval', { type: 'tool-x', toolCallId: 't', state: 'approval-requested', input: {}, approval: { id: 'p' } }],
  ['sources', { type: 'source-url', sourceId: 's', url: 'https://example.org/', title: 'x' }],
])('of a reply: %s', async (_, part) => {
  reply(part);
  expect((await screen.findAllByText(unshown)).length).toBe(1);
  screen.getByText('The end of it.');
});

test('of the list of chats: the hits of a search', async () => {
  render(<Sidebar user={user} onChosen={() => {}} />);
  fireEvent.change(screen.getByLabelText('Search chats'), { target: { value: 'lamp' } });
  await screen.findByText(unshown);
  screen.getByRole('link', { name: 'New chat' });
  fireEvent.change(screen.getByLabelText('Search chats'), { target: { value: '' } });
  expect(screen.queryByText(unshown)).toBeNull();
});

test('of the page: a view of its own, and the sheet of the shortcuts', async () => {
  render(<Workspace user={user} />);
  useShell.setState({ view: 'account' });
  await screen.findByText(unshown);
  screen.getByRole('link', { name: 'New chat' });
  useShell.setState({ view: 'chat', shortcutsOpen: true });
  await screen.findByText('the chat');
  await screen.findByText(unshown);
  screen.getByRole('button', { name: 'Reload' });
});
