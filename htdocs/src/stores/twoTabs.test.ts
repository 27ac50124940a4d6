/** The same chat in two tabs: whatever happens first, nothing is lost, nothing is sent twice, and both show everything. */
import { afterEach, expect, test, vi } from 'vitest';
import { World, type Tab } from './testing';

let world: World;
afterEach(() => world.end());

const kinds = ['request', 'answer', 'news', 'storage', 'lock'] as const;

async function twoTabs(seed = 1): Promise<[Tab, Tab]> {
  world = new World(seed);
  const tabs: [Tab, Tab] = [await world.open('one', '42'), await world.open('two', '42')];
  await world.pass(50);
  return tabs;
}

/** Everything has settled, and all tabs know it. */
async function atRest(tabs: Tab[], texts: string[]): Promise<void> {
  const all = (): boolean => world.running === null && world.said.length === 2 * texts.length;
  const known = (tab: Tab): boolean => world.unsent(tab).length === 0 && String(world.shown(tab)) === String(world.said);
  await world.pass(90_000, () => all() && tabs.every(known));
  expect(world.said.filter((_, n) => n % 2 === 0).sort()).toEqual([...texts].sort());
  for (const tab of tabs) expect({ shown: world.shown(tab), unsent: world.unsent(tab) }).toEqual({ shown: world.said, unsent: [] });
  await world.pass(5000); // the last message may still be deleted from storage
  expect([...world.storage.keys()]).toEqual([]);
  expect(world.locksAsked).toBeLessThan(150); // the tabs do not react to each other endlessly
}

test.each(Array.from({ length: Number(process.env.SEEDS ?? 25) }, (_, n) => n + 1))('messages from both tabs, in the order of seed %i', async (seed) => {
  const tabs = await twoTabs(seed);
  for (const tab of tabs) for (const kind of kinds) tab.slowness[kind] = 1 + world.chance(1 + world.chance(900));
  const texts = ['a', 'b', 'c', 'd'];
  for (const text of texts) {
    void world.write(tabs[world.chance(2)] as Tab, text);
    await world.pass(world.chance(5000));
  }
  await atRest(tabs, texts);
}, 60_000);

test('while a reply runs, the tab that has not asked for it shows its question once, and nothing as unsent', async () => {
  const [one, two] = await twoTabs();
  world.replyMs = 40_000;
  for (const kind of kinds) two.slowness[kind] = 600;
  await world.done(world.write(one, 'a'));
  expect(await world.pass(5000, () => String(world.shown(two)) === 'a,Of ')).toBe(true);
  expect(world.unsent(two)).toEqual([]);
  await atRest([one, two], ['a']);
});

test('a question that came after this tab had read the messages, and before it looked for a reply, is shown', async () => {
  const [one, two] = await twoTabs();
  world.replyMs = 40_000;
  const { conversation } = two.conversations.useConversation.getState();
  two.stuck.add('news');
  two.slowness.answer = 400;
  void conversation.catchUp();
  await world.done(world.write(one, 'a'));
  expect(await world.pass(3000, () => String(world.shown(two)) === 'a,Of ')).toBe(true);
});

test.each(['before', 'after'])('a tab that is closed while it sends, %s the server has the message', async (when) => {
  const [one, two] = await twoTabs();
  if (when === 'before') one.stuck.add('request');
  else one.stuck.add('answer');
  void world.write(one, 'a');
  await world.pass(500);
  expect(world.said).toEqual(when === 'before' ? [] : ['a']);
  world.close(one);
  await atRest([two], ['a']);
});

test('a tab that is closed in the moment in which the server has taken its message', async () => {
  const [one, two] = await twoTabs();
  world.replyMs = 40_000;
  await world.done(world.write(one, 'a'));
  one.slowness.storage = 5000;
  await world.pass(5000, () => world.unsent(one).length === 0);
  one.stuck.add('storage');
  world.close(one);
  await world.pass(1000);
  expect(world.unsent(two)).toEqual([]);
  await atRest([two], ['a']);
});

test('a tab that hangs while it sends holds nobody up who asks for it, and its own try counts no more', async () => {
  const [one, two] = await twoTabs();
  one.slowness.request = 1e9;
  void world.write(one, 'a');
  await world.pass(20_000);
  expect(world.said).toEqual([]);
  expect(world.unsent(two)).toEqual(['a']);
  const [entry] = two.outbox.useOutbox.getState().entries;
  if (entry !== undefined) void two.delivery.sendNow(entry);
  await atRest([two], ['a']);
  expect(world.unsent(one)).toEqual([]);
});

test('what is written in the moment in which another tab changes the box stays in it', async () => {
  const [one, two] = await twoTabs();
  two.slowness.storage = 300;
  one.stuck.add('request');
  void world.write(one, 'a');
  await world.pass(2, () => false);
  void world.write(two, 'b');
  await world.pass(2000);
  expect([...world.unsent(two), ...world.said.filter((text) => text === 'b')]).toContain('b');
  one.stuck.clear();
  world.close(one);
  await atRest([two], ['a', 'b']);
});

test('what one tab changes of a message that another one has sent does not bring it back', async () => {
  const [one, two] = await twoTabs();
  two.stuck.add('news');
  two.stuck.add('lock');
  world.replyMs = 40_000;
  one.stuck.add('request');
  void world.write(one, 'a');
  await world.pass(50);
  await world.done(two.outbox.loadOutbox('1'));
  const pending = two.outbox.useOutbox.getState().entries.map(({ id }) => id);
  expect(pending).toHaveLength(1);
  for (const key of [...world.storage.keys()]) world.storage.delete(key); // it was sent, and tab two does not know
  void two.outbox.changeUnsent(String(pending[0]), { state: 'held' });
  await world.pass(50);
  expect([...world.storage.keys()]).toEqual([]);
  expect(world.unsent(two)).toEqual([]);
});

test('a message that another tab is sending is not taken back, nor thrown away', async () => {
  const [one, two] = await twoTabs();
  one.slowness.request = 20_000;
  void world.write(one, 'a');
  await world.pass(100);
  const [entry] = two.outbox.useOutbox.getState().entries;
  if (entry === undefined) throw new Error('not in the box');
  expect(await world.done(Promise.all([two.delivery.takeBack(entry), two.delivery.throwAway(entry)]))).toEqual([false, false]);
  await atRest([one, two], ['a']);
});

test('a message that waits is taken back by either tab, and then nobody sends it', async () => {
  const [one, two] = await twoTabs();
  await world.done(world.write(one, 'a'));
  await world.pass(500);
  void world.write(one, 'b');
  await world.pass(500);
  const entry = two.outbox.useOutbox.getState().entries.find(({ text }) => text === 'b');
  if (entry === undefined) throw new Error('not in the box');
  expect(await world.done(two.delivery.takeBack(entry))).toBe(true);
  await world.pass(10);
  expect(world.unsent(one)).toEqual([]);
  await atRest([one, two], ['a']);
});

test('who logs out leaves what was not sent, and finds it sent after the next log-in', async () => {
  const [one, two] = await twoTabs();
  one.stuck.add('request');
  two.stuck.add('lock');
  one.slowness.storage = 100;
  void world.write(one, 'a');
  for (const tab of [one, two]) {
    tab.auth.useAuth.setState({ phase: 'out' });
    tab.outbox.leaveOutbox(); // while it is being stored
  }
  await world.pass(1000);
  expect(world.storage.size).toBe(1);
  world.close(one);
  two.stuck.clear();
  two.auth.useAuth.setState({ phase: 'in' });
  void two.outbox.loadOutbox('1');
  await atRest([two], ['a']);
});

test('a browser that stores nothing more sends all the same', async () => {
  const [one, two] = await twoTabs();
  world.storageFull = true;
  void world.write(one, 'a');
  void world.write(one, 'b');
  void world.write(two, 'c');
  await world.pass(100);
  expect(one.outbox.useOutbox.getState().entries.every(({ fleeting }) => fleeting === true)).toBe(true);
  await atRest([one, two], ['a', 'b', 'c']);
});

test('a clock that is set back delays nothing and changes no order', async () => {
  const [one, two] = await twoTabs();
  const { fetch } = globalThis;
  let away = true;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => (away && init.method === 'POST' ? Promise.reject(new TypeError('away')) : fetch(url, init)));
  void world.write(one, 'a');
  await world.pass(1000);
  vi.setSystemTime(Date.now() - 3_600_000);
  void world.write(one, 'b');
  await world.pass(1000);
  expect(world.unsent(one)).toEqual(['a', 'b']);
  away = false;
  await atRest([one, two], ['a', 'b']);
  expect(world.said[0]).toBe('a');
});
