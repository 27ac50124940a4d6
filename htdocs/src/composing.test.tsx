import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Conversation } from './chat/conversation';
import { Drawer } from './controls/Drawer';
import RatingComment from './reply/RatingComment';
import { RenameForm } from './sessions/RenameForm';
import { SearchBox } from './sessions/SearchBox';
import { useConversation } from './stores/conversation';
import * as delivery from './stores/delivery';
import { useShortcuts } from './views/useShortcuts';

const does = vi.fn();
const stop = vi.spyOn(delivery, 'stopReply').mockResolvedValue();
const events = { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onTaken: vi.fn(), onNotSent: vi.fn() };

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

function Shortcuts() {
  useShortcuts(true);
  return <textarea id="composer" />;
}

function shortcuts() {
  const conversation = new Conversation(null, events);
  vi.spyOn(conversation, 'busy', 'get').mockReturnValue(true);
  useConversation.setState({ conversation });
  stop.mockImplementation(async () => does());
  return <Shortcuts />;
}

const rated = { id: '7', role: 'assistant' as const, parts: [], metadata: { rating: 'up' as const } };

const fields = {
  rename: () => <RenameForm title="Lamps" onDone={does} />,
  search: () => <SearchBox text="lamps" onChange={does} />,
  rating: () => <RatingComment message={rated} conversation={new Conversation(null, events)} onClose={does} />,
  drawer: () => <Drawer open label="Chats" onClose={does}><input /></Drawer>,
  shortcuts,
};

test.each(Object.entries(fields))('%s: Escape that ends a composition does nothing else', (_, view) => {
  HTMLDialogElement.prototype.show ??= () => {};
  render(view());
  const field = screen.getByRole('textbox', { hidden: true });
  fireEvent.keyDown(field, { key: 'Escape', isComposing: true });
  fireEvent.keyDown(field, { key: 'Escape', keyCode: 229 });
  expect(does).not.toHaveBeenCalled();
  fireEvent.keyDown(field, { key: 'Escape', keyCode: 27 });
  expect(does).toHaveBeenCalledOnce();
});
