// How text looks: formulas, tables, and scripts that are written from right to left or without blanks, on a desktop and a
// phone. Tests measure what they can; each leaves a picture to look at.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { violations } from '../access.mjs';
import { becomes, composer, launch, newSession, newVisitor, register, replies, replyEnded, send, sessionRows, shot } from '../browser.mjs';
import { says, saysSlowly } from './scripts.mjs';

const wide = '\\[ (a+b)^{20} = a^{20} + 20a^{19}b + 190a^{18}b^2 + 1140a^{17}b^3 + 4845a^{16}b^4 + 15504a^{15}b^5 + 38760a^{14}b^6 + \\cdots + b^{20} \\]';
const texts = {
  formulas: [
    '$$A=\\begin{pmatrix}1&2&3\\\\4&5&6\\end{pmatrix}$$ and $1000!$, \\(\\sqrt{\\frac{a^2+b^2}{2}}\\), $\\mathbb{R}^n$, $\\vec{v}\\cdot\\hat{n}$.',
    '\\[ \\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}, \\qquad \\sum_{k=1}^{n} k = \\frac{n(n+1)}{2} \\]',
    '$$\\begin{aligned} (x+1)^2 &= x^2 + 2x + 1 \\\\ &\\ge 2x + 1 \\end{aligned}$$',
    '$$ f(x) = \\begin{cases} 1 & \\text{if } x > 0 \\\\ 0 & \\text{otherwise} \\end{cases} \\qquad \\boxed{E = mc^2} \\qquad \\cancel{x} $$',
    wide,
    `A long one in a line of text: \\(${wide.slice(2, -2)}\\), and on.`,
    'It costs $5 and $10, see \\[1\\] and \\(optional\\). $\\notacommand{$ stays.',
  ].join('\n\n'),
  scripts: [
    'السعر 25$ فقط لليوم، انظر `code` و \\(x^2\\).',
    '- עברית\n- שורה שנייה: English 123.',
    '**注意：**请看。**“真。”**她说 **中文文本（带括号）。**这句子。见 https://example.org。好',
    'It takes ~5 to ~10 minutes; Vec<T>, <your-api-key> and <script src="x.js"></script>. Fact[^1].',
    '[^1]: The source.',
  ].join('\n\n'),
  table: [
    '| Language | Typing | First release | Memory | What it is used for, in a sentence that is rather long so that it has to wrap somewhere |',
    '|---|---|---:|---|---|',
    '| C | static, weak | 1972 | by hand | Operating systems, databases, web servers, and everything that has to be small and quick. |',
    '| JavaScript | dynamic, weak | 1995 | collected | Every page of the web, and a good part of what is behind the pages. |',
  ].join('\n'),
};

let browser;
let ada;
let page;
before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  page = ada.page;
  await register(ada);
});
after(() => browser.close());

async function answer(text) {
  const script = await play(says(text));
  await newSession(page).catch(() => undefined);
  await send(page, `A question ${script.mark}`);
  await replyEnded(page);
}

/** Takes pictures of both themes on a desktop and on a phone; nothing may be wider than the screen. */
async function look(name) {
  for (const [size, viewport] of Object.entries({ desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } })) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await replies(page).last().scrollIntoViewIfNeeded();
      await shot(page, `text-${name}-${size}-${colorScheme}`);
    }
    const reach = await page.evaluate(() => Math.max(...[...document.querySelectorAll('article .prose > *, article .prose .formula, article .prose .table-scroll')].map((each) => each.getBoundingClientRect().right)));
    assert.ok(reach <= viewport.width, `${name}, ${size}: something ends at ${reach}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  }
  assert.deepEqual(await violations(page), []);
  await page.setViewportSize({ width: 1280, height: 860 });
}

test('formulas have their font, columns and brackets, and scroll inside themselves', async () => {
  const fonts = [];
  page.on('request', (request) => request.url().endsWith('.woff2') && fonts.push(request.url()));
  await answer('No formula, but $5.');
  assert.deepEqual(fonts, [], 'no font without a formula');
  await answer(texts.formulas);
  const reply = replies(page).last();
  await reply.locator('math').nth(9).waitFor();
  await page.evaluate(() => document.fonts.ready);
  assert.equal(new Set(fonts).size, 1);
  assert.equal(await page.evaluate(() => document.fonts.check('16px "Lamplight Math"')), true);
  const measured = await reply.evaluate((element) => {
    const box = (each) => each.getBoundingClientRect();
    const cells = [...element.querySelectorAll('mtable')][0].querySelectorAll('mtd');
    const brackets = [...element.querySelectorAll('math')][0].querySelectorAll('mo');
    const text = (cell) => box(cell.firstElementChild);
    return {
      gap: text(cells[1]).left - text(cells[0]).right,
      matrix: box(element.querySelector('mtable')).height,
      bracket: box([...brackets].find((each) => each.textContent === '(')).height,
      source: element.querySelector('.formula-source')?.textContent,
      formulas: element.querySelectorAll('math').length,
    };
  });
  assert.ok(measured.gap > 8, `the columns are ${measured.gap} pixels apart`);
  assert.ok(measured.bracket >= measured.matrix * 0.9, `a bracket of ${measured.bracket} around ${measured.matrix} pixels`);
  await reply.getByText('It costs $5 and $10, see [1] and (optional).').waitFor();
  await look('formulas');
  await page.setViewportSize({ width: 390, height: 844 });
  await reply.locator('.formula[tabindex="0"]').nth(1).waitFor();
  const scrolls = await reply.locator('.formula[tabindex="0"]').evaluateAll((all) => all.map((each) => each.scrollWidth > each.clientWidth));
  assert.ok(scrolls.length >= 2 && scrolls.every(Boolean), 'what is wide scrolls, and a keyboard reaches it');
  await page.setViewportSize({ width: 1280, height: 860 });
});

test('alignments are aligned, and bars and lines are as long as what they belong to', async () => {
  const matrix = '\\begin{vmatrix} a & b \\\\ c & d \\end{vmatrix}';
  await answer(`$$\\begin{aligned} (a+b)^2 &= a^2 \\\\ x &= b \\end{aligned}$$\n\n$$${matrix}$$\n\n$$\\overline{xyz}$$\n\n$$\\begin{align} a &= b \\tag{1} \\\\ ccc &= d \\end{align}$$`);
  const reply = replies(page).last();
  await reply.locator('math').nth(3).waitFor();
  await page.evaluate(() => document.fonts.ready);
  const measured = await reply.evaluate((element) => {
    const [aligned, bars, line, numbered] = element.querySelectorAll('math');
    const box = (each) => each.getBoundingClientRect();
    const ends = (math) => [...math.querySelectorAll('mtr')].map(({ firstElementChild: { firstElementChild } }) => Math.round(box(firstElementChild).right));
    return {
      aligned: new Set(ends(aligned)).size,
      numbered: new Set(ends(numbered)).size,
      bar: box(bars.querySelector('mo')).height / box(bars.querySelector('mtable')).height,
      line: box(line.querySelector('mrow')).width / box(line.querySelector('mrow > mrow')).width,
    };
  });
  assert.deepEqual([measured.aligned, measured.numbered], [1, 1]);
  assert.ok(measured.bar >= 0.9, `a bar of ${measured.bar} of its matrix`);
  assert.ok(Math.abs(measured.line - 1) < 0.01, `a line of ${measured.line} of its letters`);
  await reply.getByText('(1)', { exact: true }).waitFor();
});

test('the lines of a paragraph keep their distance, whatever stands above or below', async () => {
  const among = ['a word', 'm<sup>2</sup>', 'H<sub>2</sub>O', 'a note[^1]', '`code`', '$x^2$', '$x_i^2$', '\\(a_1\\)'];
  await answer(`${among.map((each) => `${'word '.repeat(8)}${each}${' word'.repeat(40)}`).join('\n\n')}\n\n[^1]: Here.`);
  const reply = replies(page).last();
  await reply.locator('math').nth(2).waitFor();
  await page.evaluate(() => document.fonts.ready);
  const heights = () => reply.locator('.prose p').evaluateAll((all) => all.slice(0, 8).map((each) => Math.round(each.getBoundingClientRect().height)));
  const [usual] = await heights();
  assert.deepEqual(await heights(), among.map(() => usual));
});

test('a formula that streams in is never shown as its source', async () => {
  const script = await play(saysSlowly('So \\(a^', '2 + b\\) holds, and\n\n\\[ \\frac{1}', '{2} \\]\n\nthen $$x', '^2$$ ends.'));
  await newSession(page);
  await page.evaluate(() => {
    window.seen = [];
    const look = () => window.seen.push(...[...document.querySelectorAll('article .prose')].map((each) => each.textContent));
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await send(page, `A question ${script.mark}`);
  for (const gate of ['1', '2', '3', '4']) {
    await page.waitForTimeout(300);
    await script.open(gate);
  }
  await replyEnded(page);
  await becomes(() => replies(page).last().locator('math').count(), 3);
  assert.deepEqual(await page.evaluate(() => window.seen.filter((text) => /\\|\^|\$|frac/.test(text))), []);
});

test('each paragraph has the direction of its script; nothing of it is lost', async () => {
  await answer(texts.scripts);
  const reply = replies(page).last();
  const right = await reply.locator('p').first().evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return { direction: getComputedStyle(element).direction, gap: element.getBoundingClientRect().right - range.getBoundingClientRect().right };
  });
  assert.equal(right.direction, 'rtl');
  assert.ok(right.gap < 4, `${right.gap} pixels from the right edge`);
  const bullet = await reply.locator('ul').first().evaluate((list) => list.getBoundingClientRect().right - list.querySelector('li').getBoundingClientRect().right);
  assert.ok(bullet > 10, `a mark of the list has ${bullet} pixels at the right`);
  await becomes(() => reply.locator('strong').count(), 3);
  await reply.getByRole('link', { name: '1', exact: true }).press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'li');
  await reply.getByRole('link', { name: 'Back to the text' }).press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), '1');
  await look('scripts');
});

test('what people write has its direction, too: question, title, draft, search', async () => {
  const direction = (locator) => locator.evaluate((element) => getComputedStyle(element).direction);
  const script = await play(says('نعم.'));
  await newSession(page);
  await composer(page).fill('مرحبا');
  assert.equal(await direction(composer(page)), 'rtl');
  await send(page, `ما هي اللغة؟ ${script.mark}`);
  await replyEnded(page);
  await becomes(() => direction(sessionRows(page).first().locator('[dir=auto]').first()), 'rtl');
  assert.equal(await direction(sessionRows(page).first().locator('[dir=auto]').first()), 'rtl');
  await page.getByLabel('Search chats').fill('اللغة');
  assert.equal(await direction(page.getByLabel('Search chats')), 'rtl');
  await page.getByLabel('Search chats').fill('');
});

test('a wide table leaves each column room to be read', async () => {
  await answer(texts.table);
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 860 });
    const last = await replies(page).last().locator('tbody tr').first().locator('td').last().evaluate((cell) => cell.getBoundingClientRect().width);
    assert.ok(last >= 200, `the last column has ${last} pixels of ${width}`);
  }
  await look('table');
});

test('all of a chat is printed, and nothing else of the page', async () => {
  for (let n = 0; n < 3; n++) {
    const script = await play(says(Array.from({ length: 40 }, (_, at) => `Paragraph ${n}.${at} of a long reply.`).join('\n\n')));
    if (n === 0) await newSession(page);
    await send(page, `A question ${script.mark}`);
    await replies(page).last().getByText(`Paragraph ${n}.39 of`).waitFor(); // the previous reply has ended, too
    await replyEnded(page);
  }
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const printed = await page.evaluate(() => {
    const paragraphs = [...document.querySelectorAll('article .prose p')].map((each) => each.getBoundingClientRect());
    return {
      height: document.documentElement.scrollHeight,
      paragraphs: paragraphs.length,
      inOrder: paragraphs.every((box, n) => n === 0 || box.top >= paragraphs[n - 1].bottom - 1),
      others: ['nav', 'textarea', 'main button'].filter((each) => document.querySelector(each)?.checkVisibility()),
    };
  });
  await shot(page, 'printed');
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: null, colorScheme: null });
  assert.ok(printed.height > 4000, `the page is ${printed.height} pixels high`);
  assert.deepEqual({ ...printed, height: 0 }, { height: 0, paragraphs: 120, inOrder: true, others: [] });
});

/** What `look` finds while the page, in the dark theme, is laid out for A4 paper. */
async function onPaper(look) {
  await page.setViewportSize({ width: 718, height: 1000 });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  try {
    return await look();
  } finally {
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: null, colorScheme: 'dark' });
    await page.setViewportSize({ width: 1280, height: 860 });
  }
}

test('all columns of a table are on paper, however many there are', async () => {
  for (const columns of [5, 9, 24]) {
    const row = (cell) => `|${Array.from({ length: columns }, (_, n) => ` ${cell(n)} |`).join('')}`;
    await answer([row((n) => `Column ${n}`), row(() => '---'), row((n) => (n === 0 ? 'A sentence that is long and goes on, so that it has to be broken somewhere, and longer still' : `${n} 000 000.00 EUR`)), row(() => 'Rindfleischetikettierungsgesetz')].join('\n'));
    await replies(page).last().locator('td').nth(columns).waitFor();
    const ends = await onPaper(async () => {
      await shot(page, `printed-table-${columns}`);
      return page.evaluate(() => [...document.querySelectorAll('article .prose td')].map((cell) => Math.round(cell.getBoundingClientRect().right)));
    });
    assert.equal(ends.length, 2 * columns);
    assert.ok(Math.max(...ends) <= 718, `${columns} columns end at ${Math.max(...ends)}`);
  }
});

test('a diagram on a dark screen is light on paper', async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await answer(`\`\`\`mermaid\nflowchart LR\n${Array.from({ length: 16 }, (_, n) => `  A${n}[Station ${n}] --> A${n + 1}[Station ${n + 1}]`).join('\n')}\n\`\`\`\n\nThat was all.`);
  const image = replies(page).last().getByRole('group', { name: 'Diagram' }).locator('img');
  await image.waitFor();
  const colours = async () => [...new Set(decodeURIComponent(await image.getAttribute('src')).match(/#[\da-f]{6}\b/gi))].sort().join();
  const dark = await colours();
  await page.emulateMedia({ colorScheme: 'light' });
  await becomes(async () => (await colours()) !== dark, true);
  const light = await colours();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.reload();
  await image.waitFor();
  assert.equal(await colours(), dark);
  await becomes(() => onPaper(colours), light);
  const end = await onPaper(async () => {
    await shot(page, 'printed-diagram');
    return image.evaluate((each) => each.getBoundingClientRect().right);
  });
  assert.ok(end <= 718, `it ends at ${end}`);
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
