/** When a message that the server has refused for a while is sent again. */
import { afterEach, expect, test } from 'vitest';
import { World, type Tab } from './testing';

let world: World;
afterEach(() => world.end());

const refusal = (seconds?: number): Response =>
  Response.json({ code: 'messages_used_up' }, { status: 429, headers: seconds === undefined ? {} : { 'retry-after': String(seconds) } });

/** A chat on screen, or left for a new one, and a message of it that the server has refused once. */
async function refusedOnce(onScreen: boolean, refuses: () => Response): Promise<Tab> {
  world = new World(1);
  const tab = await world.open('one', '42');
  await world.pass(50);
  world.refuses = refuses;
  void world.write(tab, 'a');
  if (!onScreen) (await import('./sessions')).useSessionStore.getState().clearCurrent();
  await world.pass(2000, () => world.posts > 0);
  await world.pass(50);
  expect(world.posts).toBe(1);
  return tab;
}

test.each([true, false])('it waits as long as the server asks (on screen: %s)', async (onScreen) => {
  const tab = await refusedOnce(onScreen, () => refusal(3600));
  await world.pass(30 * 60_000);
  expect(world.posts).toBe(1);
  expect(world.unsent(tab)).toEqual(['a']);
  world.refuses = null;
  await world.pass(31 * 60_000, () => world.said.length > 0);
  expect(world.said[0]).toBe('a');
});

test('a later refusal without a time is waited out as usual', async () => {
  await refusedOnce(true, () => refusal(3600));
  world.refuses = () => refusal();
  await world.pass(61 * 60_000, () => world.posts > 1);
  expect(world.posts).toBe(2);
  await world.pass(60_000, () => world.posts > 2);
  expect(world.posts).toBe(3);
});

test('looking at the page again does not shorten the wait', async () => {
  await refusedOnce(true, () => refusal(3600));
  for (let n = 0; n < 3; n++) {
    document.dispatchEvent(new Event('visibilitychange'));
    await world.pass(60_000);
  }
  expect(world.posts).toBe(1);
  await world.pass(58 * 60_000, () => world.posts > 1);
  expect(world.posts).toBe(2);
});

test('without a time, a message is sent at once when the page is looked at again', async () => {
  await refusedOnce(true, () => refusal());
  document.dispatchEvent(new Event('visibilitychange'));
  await world.pass(1000, () => world.posts > 1);
  expect(world.posts).toBe(2);
});
