import { act, cleanup, render } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { later } from '../controls/later';
import { inTurn } from './inTurn';

afterEach(cleanup);

/** Waits until this many have been taken. */
const taken = (list: unknown[], count: number) => vi.waitFor(() => expect(list).toHaveLength(count));

test('each is given in a task of its own, the last of those that came together first, and who came later after them', async () => {
  const log: string[] = [];
  const take = (name: string) => () => {
    log.push(name);
    setTimeout(() => log.push(`after ${name}`));
  };
  for (const name of ['top', 'bottom']) inTurn(take(name));
  await Promise.resolve();
  inTurn(take('later'));
  expect(log).toEqual([]);
  await taken(log, 6);
  expect(log.filter((line) => !line.startsWith('after'))).toEqual(['bottom', 'top', 'later']);
});

test('one that fails costs the others nothing', async () => {
  const log: string[] = [];
  inTurn(() => log.push('top'));
  inTurn(() => {
    throw new Error('no');
  });
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await taken(log, 1);
  expect(said).toHaveBeenCalled();
  said.mockRestore();
});

test('texts that wait for the same code are drawn one by one, from the last on', async () => {
  let come: (body: (props: { name: string }) => string) => void = () => {};
  const drawn: string[] = [];
  const Text = later<{ name: string }>(() => new Promise((resolve) => (come = resolve)), ({ name }) => <p>{name} waits</p>, inTurn);
  const { container } = render(<>{['one', 'two', 'three'].map((name) => <Text key={name} name={name} />)}</>);
  new MutationObserver(() => drawn.push(container.textContent)).observe(container, { childList: true, subtree: true, characterData: true });
  await act(async () => come(({ name }) => `${name}. `));
  await vi.waitFor(() => expect(container.textContent).toBe('one. two. three. '));
  expect(drawn).toEqual(['one waitstwo waitsthree. ', 'one waitstwo. three. ', 'one. two. three. ']);
});
