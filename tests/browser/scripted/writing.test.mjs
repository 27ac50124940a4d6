// Whole chats in Arabic, Chinese and Japanese: whatever belongs at the start of a line is on that side, code and formulas
// within them run from left to right, and titles and search results read as they were written. Tests measure what they can;
// each leaves a picture to look at.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { contrastViolations, violations } from '../access.mjs';
import { becomes, conversationText, launch, newSession, newVisitor, register, replies, replyEnded, send, sessionRows, shot } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { says } from './scripts.mjs';

const code = '```js\nconst lamp = { lit: true }; // ضوء 光\n```';
const written = {
  arabic: {
    question: 'كيف يعمل المصباح؟ اشرح لي مع مثال بلغة JavaScript من فضلك.',
    reply: [
      '## كيف يعمل المصباح',
      'المصباح يحوّل **الطاقة الكهربائية** إلى ضوء، وقدرته $P = U \\cdot I$ بالواط (W). انظر [الشرح](https://example.org/) و `lamp.on()`.',
      '1. يمر التيار في السلك.\n2. يسخن السلك إلى 2,500 درجة.\n   - يصدر الضوء\n   - وتضيع الحرارة',
      '- [x] تم\n- [ ] لم يتم بعد',
      '> قال أحدهم: المصباح نور.',
      '| النوع | القدرة (W) | العمر |\n|---|---:|---|\n| LED | 9 | 25000 ساعة |\n| متوهج | 60 | 1000 ساعة |',
      code,
      '$$\\eta = \\frac{P_{out}}{P_{in}}$$',
      'هذا كل شيء![^1]',
      '[^1]: المصدر: موسوعة.',
    ].join('\n\n'),
    rtl: true,
  },
  chinese: {
    question: '灯泡是怎么工作的？请用 JavaScript 举个例子。',
    reply: [
      '## 灯泡的原理',
      '灯泡把**电能**转化为光（功率为 $P = U \\cdot I$，单位是瓦特）。参见[说明](https://example.org/)，以及 `lamp.on()`。',
      '1. 电流通过灯丝；\n2. 灯丝升温到 2500 度：\n   - 发光\n   - 发热',
      '> 有人说：“灯就是光。”',
      '| 类型 | 功率（瓦） | 寿命 |\n|---|---:|---|\n| LED 灯 | 9 | 两万五千小时 |\n| 白炽灯 | 60 | 一千小时 |',
      code,
      '$$\\eta = \\frac{P_{out}}{P_{in}}$$',
    ].join('\n\n'),
  },
  japanese: {
    question: '電球はどうやって光るのですか？JavaScriptの例もお願いします。',
    reply: [
      '## 電球のしくみ',
      '電球は**電気エネルギー**を光に変えます（電力は$P = U \\cdot I$、単位はワット）。詳しくは[こちら](https://example.org/)と`lamp.on()`をご覧ください。',
      '1. 電流がフィラメントを流れる。\n2. フィラメントが約2500度まで熱くなる。\n   - 光が出る\n   - 熱も出る',
      '> 「電球は光である」と誰かが言った。',
      '| 種類 | 消費電力（W） | 寿命 |\n|---|---:|---|\n| LED電球 | 9 | 25,000時間 |\n| 白熱電球 | 60 | 1,000時間 |',
      code,
      '$$\\eta = \\frac{P_{out}}{P_{in}}$$',
    ].join('\n\n'),
  },
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
after(async () => {
  assert.deepEqual(ada.complaints, []);
  await browser.close();
});

/** Takes pictures of the top and the bottom of the page, in both themes and on a phone. */
async function look(name) {
  const box = page.getByRole('region', { name: 'Chat', exact: true });
  for (const [size, viewport] of Object.entries({ desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } })) {
    await page.setViewportSize(viewport);
    for (const [end, colorScheme] of [['top', 'light'], ['bottom', 'dark']]) {
      await page.emulateMedia({ colorScheme });
      await box.evaluate((element, top) => element.scrollTo(0, top ? 0 : element.scrollHeight), end === 'top');
      await page.waitForTimeout(200); // only for the picture
      await shot(page, `writing-${name}-${size}-${end}`);
      assert.deepEqual(await contrastViolations(page), []);
    }
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  }
  assert.deepEqual(await violations(page), []);
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Runs in the page: on which side of its block each element stands, and its direction. */
function sides(reply) {
  const prose = reply.querySelector('.prose').getBoundingClientRect();
  const side = (selector, of = (element) => element.getBoundingClientRect()) => {
    const { left, right } = of(reply.querySelector(selector));
    return Math.abs(left - prose.left) < Math.abs(right - prose.right) ? 'left' : 'right';
  };
  const textOf = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect();
  };
  const style = (selector) => getComputedStyle(reply.querySelector(selector));
  const [first, second] = reply.querySelectorAll('th');
  return {
    heading: side('.prose h3', textOf),
    paragraph: side('.prose p', textOf),
    item: side('ol > li', textOf),
    indent: parseFloat(style('ol').paddingLeft) > parseFloat(style('ol').paddingRight) ? 'left' : 'right',
    quote: parseFloat(style('blockquote').borderLeftWidth) > parseFloat(style('blockquote').borderRightWidth) ? 'left' : 'right',
    columns: first.getBoundingClientRect().left < second.getBoundingClientRect().left ? 'left' : 'right',
    cells: [...reply.querySelectorAll('td:first-child')].map((cell) => {
      const [text, { left, right }] = [textOf(cell), cell.getBoundingClientRect()];
      return text.left - left < right - text.right ? 'left' : 'right';
    }).join(),
    code: style('pre').direction,
    inlineCode: style('p code').direction,
    formulas: [...new Set([...reply.querySelectorAll('math')].map((each) => getComputedStyle(each).direction))].join(),
  };
}

for (const [name, { question, reply, rtl = false }] of Object.entries(written)) {
  test(`a chat in ${name}`, async () => {
    const script = await play(says(reply));
    await newSession(page).catch(() => undefined);
    await send(page, `${question} ${script.mark}`);
    await replyEnded(page);
    await conversationText(page);
    const last = replies(page).last();
    await last.locator('math').nth(1).waitFor();
    const start = rtl ? 'right' : 'left';
    assert.deepEqual(await last.evaluate(sides), {
      heading: start, paragraph: start, item: start, indent: start, quote: start, columns: start, cells: `${start},${start}`, code: 'ltr', inlineCode: 'ltr', formulas: 'ltr',
    });
    await becomes(() => last.locator('strong').count(), 1, 'emphasis beside letters that no blank is between');
    await look(name);
  });
}

test('titles in all scripts, and hits of a search in them', async () => {
  const token = await tokenOf(ada);
  const list = await (await call('GET', 'ai/sessions', token)).json();
  const titles = ['המנורה של Aladdin (2019) – סיכום', '光り続ける電球についての、とても長い題名のチャットです', 'مصباح 12 V: كيف؟'];
  for (const [n, title] of titles.entries()) await call('PATCH', `ai/sessions/${list[n].id}`, token, { title });
  await page.reload();
  await sessionRows(page).filter({ hasText: '光り続ける' }).waitFor();
  for (const [size, viewport] of Object.entries({ desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } })) {
    await page.setViewportSize(viewport);
    if (size === 'phone') await page.getByRole('button', { name: 'Open the chat list' }).click();
    await shot(page, `writing-titles-${size}`);
    for (const [n, words] of ['المصباح', '电能', '光に変えます'].entries()) {
      await page.getByLabel('Search chats').fill(words);
      const hits = page.getByRole('navigation', { name: 'Search results' });
      await hits.locator('mark').filter({ hasText: words }).first().waitFor();
      await shot(page, `writing-search-${n}-${size}`);
      assert.deepEqual(await violations(page), []);
    }
    await page.getByLabel('Search chats').fill('');
  }
});
