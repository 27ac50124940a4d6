import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readInstructions, saveInstructions } from '../api/instructions';
import { useAuth } from '../stores/auth';
import { useDrafts } from '../stores/drafts';
import { InstructionsForm } from './InstructionsForm';

vi.mock('../api/instructions');
const save = vi.mocked(saveInstructions).mockImplementation(async (_, instructions) => ({ instructions, maxLength: 100 }));
vi.mocked(readInstructions).mockResolvedValue({ instructions: 'Be brief.', maxLength: 100 });

beforeEach(() => {
  useAuth.setState({ user: { id: '1', username: 'ada' } });
  useDrafts.setState({ drafts: {} });
});
afterEach(cleanup);

async function open(of = '42'): Promise<HTMLTextAreaElement> {
  render(<InstructionsForm of={of} label="Instructions" hint="" onSaved={() => {}} />);
  return (await screen.findByLabelText('Instructions')) as HTMLTextAreaElement;
}
const type = (field: HTMLTextAreaElement, value: string): boolean => fireEvent.change(field, { target: { value } });

test('what was typed and not saved is there again, in this chat and in no other', async () => {
  type(await open(), 'Be very brief.');
  cleanup(); // Escape, a click outside, another view
  expect((await open('43')).value).toBe('Be brief.');
  cleanup();
  expect((await open()).value).toBe('Be very brief.');
});

test('opened to be written in, it has the focus as soon as it is there, and its end', async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  render(<InstructionsForm of="42" label="Instructions" hint="" focused onSaved={() => {}} />);
  const field = (await screen.findByLabelText('Instructions')) as HTMLTextAreaElement;
  expect(document.activeElement).toBe(field);
  expect(field.selectionStart).toBe('Be brief.'.length);
  vi.unstubAllGlobals();
});

test('it is discarded when its writer says so', async () => {
  const field = await open();
  type(field, 'Be very brief.');
  fireEvent.click(screen.getByRole('button', { name: 'Discard changes' }));
  expect(field.value).toBe('Be brief.');
  expect(screen.queryByRole('button', { name: 'Discard changes' })).toBeNull();
  cleanup();
  expect((await open()).value).toBe('Be brief.');
});

test('what is saved is no draft any more', async () => {
  type(await open(), 'Be long.');
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await vi.waitFor(() => expect(useDrafts.getState().drafts).toEqual({}));
  expect(save).toHaveBeenCalledExactlyOnceWith('42', 'Be long.');
});
