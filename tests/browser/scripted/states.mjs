// Every view and every state of the page on one device, in light and in dark: axe finds nothing wrong, and each leaves a
// picture in shots/ to look at. Texts are found by their English source.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { contrastViolations, violations } from '../access.mjs';
import {
  baseUrl, composer, conversationText, launch, logIn, newSession, newVisitor, register, replyEnded, send, sessionRows, shot,
} from '../browser.mjs';
import { call, seedSession, tokenOf } from '../seed.mjs';
import { inLanguage, part, word } from '../words.mjs';
import { breaksOff, callsTo, isCut, refuses, says, saysSlowly, thinks } from './scripts.mjs';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const markdown = [
  '# A heading\n\nSome **bold** and *slanted* words, `code`, [a link](https://example.org/) and ~~nothing~~.\n\n',
  '1. first\n2. second\n   - inside\n\n- [x] done\n- [ ] to do\n\n> Somebody said this.\n\n',
  '| planet | moons |\n|---|---:|\n| Earth | 1 |\n| Mars | 2 |\n\n',
  '```js\nasync function light(watts = 40) {\n  const lamp = { lit: true }; // a comment that is long enough to be wider than the screen of a phone\n  return new Lamp(lamp, `${watts} W`, /warm/i);\n}\n```\n\n',
  'Mathematics: $$a^2 + b^2 = c^2$$ and\n\n$$\n\\int_0^1 x\\,dx = \\frac{1}{2}\n$$\n\n![far away](https://example.org/picture.png)\n',
];

/**
 * Controls that are smaller than 44 pixels in one direction, except links within a text, and boxes within a label. Runs in
 * the page.
 */
function tooSmall() {
  const targets = [...document.querySelectorAll('button, a[href], input, textarea, summary, select, [role^=menuitem]')];
  const boxes = targets.filter((each) => each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && each.closest('[inert], .prose a, p a, label, .sr-only') === null);
  return boxes.flatMap((each) => {
    const { width, height } = each.getBoundingClientRect();
    return (width >= 43.5 && height >= 43.5) || width < 2 || each.disabled || each.ariaDisabled === 'true' ? [] : [`${Math.round(width)}x${Math.round(height)} ${each.outerHTML.slice(0, 120)}`];
  });
}

/** Tests all states; `options` are those of the device's browser. */
export function testStates(device, options) {
  if (options.locale !== undefined) inLanguage(options.locale);
  const phone = options.hasTouch === true;
  let browser;
  let visitor;
  let page;
  before(async () => {
    browser = await launch();
    visitor = await newVisitor(browser, options);
    page = visitor.page;
  });
  after(() => browser.close());

  /** Brings the page into a state; what it returns leaves that state again. */
  function state(name, enter) {
    test(name, async () => {
      const leave = await enter();
      const found = {};
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await shot(page, `${device}-${name}-${colorScheme}`);
        found[colorScheme] = await (colorScheme === 'light' ? violations(page) : contrastViolations(page));
      }
      const small = phone ? await page.evaluate(tooSmall) : [];
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      const sideways = await page.evaluate(() => [...document.querySelectorAll('main, main > div > [role=region], dialog, nav')].filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ outerHTML }) => outerHTML.slice(0, 120)));
      await leave?.();
      assert.deepEqual(sideways, [], 'what is wider than its place');
      assert.deepEqual(found, { light: [], dark: [] });
      assert.deepEqual(small, [], 'what a finger cannot hit');
      assert.ok(wider <= 0, `the page is ${wider} pixels wider than the screen`);
    });
  }

  const button = (name) => page.getByRole('button', { name, exact: true });
  const visible = (text) => page.getByText(text).last().waitFor();
  const idle = () => button(word('Send')).waitFor();
  const closed = () => page.getByRole('menu').waitFor({ state: 'detached' });
  const playing = async (...scripts) => {
    const script = await play(...scripts);
    await send(page, `A question ${script.mark}`);
    return script;
  };
  const sidebar = async () => {
    if (!phone) return;
    await button(word('Open the chat list')).click();
    await page.getByRole('dialog', { name: word('Chats') }).waitFor();
  };
  const leaveSidebar = async () => {
    if (phone) await page.keyboard.press('Escape');
  };
  const fresh = async () => {
    await page.goto(baseUrl);
    await composer(page).waitFor();
  };
  const menuOf = async (title) => {
    await sidebar();
    const row = sessionRows(page).filter({ hasText: title }).first();
    await row.hover();
    await row.getByRole('button', { name: part('More for {title}') }).click();
    await page.getByRole('menuitem').first().waitFor();
  };
  const settings = async () => {
    await sidebar();
    await page.getByRole('button', { name: part('Account and settings:') }).click();
    await page.getByRole('menuitem').first().waitFor();
  };

  state('sign-in', async () => {
    await page.goto(baseUrl);
    await button(word('Log in')).waitFor();
  });
  state('sign-in-refused', async () => {
    await logIn({ page, username: 'nobody-at-all' });
    await page.getByRole('alert').waitFor();
  });
  state('register', () => button(word('Create an account')).click());
  state('welcome', async () => {
    await register(visitor);
    await page.getByRole('heading', { level: 2 }).getByText(visitor.username).waitFor();
  });
  state('no-sessions', async () => {
    await sidebar();
    await visible(word('Your chats will appear here.'));
    return leaveSidebar;
  });

  state('waiting', async () => {
    const script = await play({ steps: [{ gate: 'end' }, ...says('Here it is.').steps] });
    await send(page, `Answer later ${script.mark}`);
    await page.locator('.animate-pulse-soft').first().waitFor();
    return async () => {
      await script.open('end');
      await idle();
    };
  });
  state('thinking', async () => {
    const script = await playing(thinks('I wonder how many squares there are. 64 of one field, then 49 of four.', 'There are ', '**204** of them.'));
    await visible(word('Thinking…'));
    return async () => {
      await script.open('thought');
      await idle();
    };
  });
  state('thoughts', async () => {
    await page.locator('summary').filter({ hasText: part('Thought for # second') }).click();
    await visible('I wonder how many squares');
  });
  state('streaming', async () => {
    const script = await playing(saysSlowly(...markdown));
    for (const gate of ['1', '2', '3']) await script.open(gate);
    await visible('a comment that is long enough');
    return async () => {
      for (const gate of ['4', '5']) await script.open(gate);
      await idle();
      await conversationText(page);
    };
  });
  state('markdown', async () => {
    await page.locator('article math').nth(1).waitFor();
    await page.locator('.hljs-comment').waitFor();
  });

  state('tool-done', async () => {
    await playing(callsTo(['run_weather', { city: 'Oslo' }], ['boom', {}]), says('It is sunny in Oslo.'));
    await visible('It is sunny in Oslo.');
    for (const tool of ['run_weather', 'boom']) await page.locator('summary').filter({ hasText: tool }).click();
    await page.locator('summary').filter({ hasText: 'boom' }).getByText(word('failed')).waitFor();
  });
  state('tool-approval', async () => {
    await playing(callsTo(['danger', { path: '/tmp/x' }]), says('As you like.'));
    await visible(part('needs your approval'));
  });
  state('tool-denied', async () => {
    await button(word('Deny')).click();
    await visible('As you like.');
  });
  state('tool-answer', async () => {
    await playing(callsTo(['get_weather', { city: 'Bergen' }]), says('Rain, then.'));
    await page.getByLabel(word('Your answer to {tool}', { tool: 'get_weather' })).waitFor();
    return async () => {
      await page.getByLabel(word('Your answer to {tool}', { tool: 'get_weather' })).fill('rain');
      await button(word('Answer')).click();
      await visible('Rain, then.');
    };
  });

  state('model-error', async () => {
    await playing(refuses(401));
    await page.getByRole('alert').getByText(part('The model rejected this server’s API key')).waitFor();
  });
  state('interrupted', async () => {
    await fresh();
    await playing(breaksOff('Half of what I wanted to '));
    await page.getByRole('alert').getByText(part('The connection to the model was lost')).waitFor();
    await button(word('Continue')).waitFor();
  });
  state('interrupted-before', async () => {
    await page.reload();
    await visible(part('The connection to the model was lost'));
    await button(word('Continue')).waitFor();
  });
  state('cut', async () => {
    await playing(isCut('As long as it may '));
    await visible(part('reached the length limit'));
  });
  state('stopped', async () => {
    await playing(saysSlowly('Something that '));
    await visible('Something that');
    await button(word('Stop')).click();
    await visible(word('stopped'));
  });
  state('branches', async () => {
    await idle();
    await page.getByRole('button', { name: word('Reply again'), disabled: false }).last().click();
    await button(word('Stop')).click();
    await page.getByRole('group', { name: word('Version {number} of {count}', { number: 2, count: 2 }) }).waitFor();
  });
  state('edit', async () => {
    const edit = button(word('Edit message')).last();
    await edit.focus();
    await edit.press('Enter');
    await page.getByRole('textbox', { name: word('Edit message') }).waitFor();
    return () => page.keyboard.press('Escape');
  });
  state('attached', async () => {
    await page.locator('input[type=file]').setInputFiles([
      { name: 'lamp.png', mimeType: 'image/png', buffer: png },
      { name: 'notes-about-a-lamp-with-a-name-that-is-much-too-long.md', mimeType: '', buffer: Buffer.from('# Notes') },
    ]);
    await page.getByRole('list', { name: word('Attached files') }).getByRole('listitem').nth(1).waitFor();
  });
  state('files-sent', async () => {
    await playing(says('A lamp.'));
    await visible('A lamp.');
    await idle();
  });
  state('refused-file', async () => {
    await page.locator('input[type=file]').setInputFiles([{ name: 'film.mp4', mimeType: 'video/mp4', buffer: png }]);
    await visible(part('Can’t attach {name}.'));
  });

  state('out-of-reach', async () => {
    await fresh();
    await page.route('**/api/ai/chat', (route) => route.abort('connectionrefused'));
    await send(page, 'Is anybody there?');
    await page.getByRole('alert').waitFor();
    return () => page.unroute('**/api/ai/chat');
  });
  state('no-such-session', async () => {
    await page.goto(new URL('s/1', baseUrl).href);
    await page.getByRole('alert').waitFor();
  });
  state('sources', async () => {
    await fresh();
    await page.route('**/api/ai/chat', (route) => route.fulfill({
      contentType: 'text/event-stream',
      body: [
        { type: 'start', messageId: '1' },
        { type: 'source-url', sourceId: 'a', url: 'https://example.org/a/long/address/of/a/page', title: 'A page with a title that is rather long for a phone' },
        { type: 'source-document', sourceId: 'b', mediaType: 'application/pdf', title: 'A document' },
        { type: 'text-start', id: 't' }, { type: 'text-delta', id: 't', delta: 'So they say.' }, { type: 'text-end', id: 't' },
        { type: 'finish', finishReason: 'stop' },
      ].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''),
    }));
    await send(page, 'Who says so?');
    await page.getByRole('group', { name: part('Sources') }).waitFor();
    await idle();
    return () => page.unroute('**/api/ai/chat');
  });

  state('sessions', async () => {
    const token = await tokenOf(visitor);
    for (const title of ['Topic one', 'A topic whose title is longer than the list is wide, by far', 'Topic three']) await seedSession(token, title);
    await fresh();
    await sidebar();
    await sessionRows(page).filter({ hasText: 'Topic three' }).waitFor();
    return leaveSidebar;
  });
  state('session-menu', async () => {
    await menuOf('Topic one');
    return async () => {
      await page.keyboard.press('Escape');
      await closed();
      await leaveSidebar();
    };
  });
  state('rename', async () => {
    await menuOf('Topic one');
    await page.getByRole('menuitem', { name: word('Rename') }).click();
    await page.getByLabel(word('Chat title')).waitFor();
    return async () => {
      await page.getByLabel(word('Chat title')).press('Enter');
      await leaveSidebar();
    };
  });
  state('pinned', async () => {
    await menuOf('Topic one');
    await page.getByRole('menuitem', { name: word('Pin'), exact: true }).click();
    await page.getByRole('region', { name: word('Pinned') }).getByRole('listitem').waitFor();
    return leaveSidebar;
  });
  state('selection', async () => {
    await menuOf('Topic three');
    await page.getByRole('menuitem', { name: word('Select multiple') }).click();
    await visible(part('# selected'));
    return async () => {
      await button(word('Cancel')).click();
      await leaveSidebar();
    };
  });
  state('undo', async () => {
    await menuOf('Topic three');
    await page.getByRole('menuitem', { name: word('Delete') }).click();
    await button(word('Undo')).waitFor();
    return async () => {
      await button(word('Undo')).click();
      await leaveSidebar();
    };
  });
  state('search', async () => {
    await sidebar();
    await page.getByLabel(word('Search chats')).fill('topic');
    await page.getByRole('navigation', { name: word('Search results') }).getByRole('listitem').first().waitFor();
  });
  state('search-empty', async () => {
    await page.getByLabel(word('Search chats')).fill('zxqv zxqv');
    await visible(word('Nothing found.'));
    return async () => {
      await page.getByLabel(word('Search chats')).fill('');
      await leaveSidebar();
    };
  });
  state('settings', async () => {
    await settings();
    return async () => {
      await page.keyboard.press('Escape');
      await closed();
      await leaveSidebar();
    };
  });
  state('archive-empty', async () => {
    await settings();
    await page.getByRole('menuitem', { name: word('Archive') }).click();
    await visible(word('No archived chats.'));
  });
  state('archive', async () => {
    const token = await tokenOf(visitor);
    const id = await seedSession(token, 'Put away long ago');
    await call('PATCH', `ai/sessions/${id}`, token, { archived: true });
    await page.reload();
    await page.getByRole('list', { name: word('Archived chats') }).getByText('Put away long ago').waitFor();
  });
  state('archived-session', async () => {
    await page.getByRole('list', { name: word('Archived chats') }).getByText('Put away long ago').click();
    await visible(word('This chat is archived.'));
  });
  state('temporary-new', async () => {
    await newSession(page);
    await button(word('Temporary chat')).click();
    await page.getByRole('button', { name: word('Temporary chat'), pressed: true }).waitFor();
  });
  state('temporary', async () => {
    await send(page, 'What is only for today?');
    await page.getByRole('region', { name: word('Temporary chat') }).waitFor();
    await replyEnded(page);
  });
  state('account', async () => {
    await settings();
    await page.getByRole('menuitem', { name: word('Account and usage') }).click();
    await page.getByRole('img', { name: word('Replies and tokens by day') }).waitFor();
    await page.getByText(word('Show as a table')).click();
  });
  state('account-end', async () => {
    await page.getByLabel(word('Current password')).fill('not it');
    await page.getByLabel(word('New password')).fill('not it either');
    await button(word('Change password')).click();
    await page.getByRole('alert').waitFor();
    await page.getByRole('region', { name: word('Delete account') }).scrollIntoViewIfNeeded();
  });
  state('shortcuts', async () => {
    await settings();
    await page.getByRole('menuitem', { name: word('Keyboard shortcuts') }).click();
    await page.getByRole('dialog', { name: word('Keyboard shortcuts') }).waitFor();
    return () => page.keyboard.press('Escape');
  });
  state('login-ended', async () => {
    await fresh();
    await page.waitForLoadState('networkidle'); // an answer on its way would set a new cookie
    await visitor.context.clearCookies();
    await page.reload();
    await button(word('Log in')).waitFor();
  });

  test('the page raised no error, asked no other site and kept to its policy', () => {
    assert.deepEqual(visitor.complaints, []);
  });
}
