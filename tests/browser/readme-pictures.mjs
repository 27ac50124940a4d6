// Takes the README's pictures from a running instance: LAMPLIGHT_URL=... node readme-pictures.mjs
import { fileURLToPath } from 'node:url';
import { ask, conversationText, launch, newSession, newVisitor, register } from './browser.mjs';

const browser = await launch();
const visitor = await newVisitor(browser, { viewport: { width: 1200, height: 760 }, deviceScaleFactor: 2 });
const { page } = visitor;
visitor.username = process.env.NAME_ON_PICTURE ?? 'ada';
await register(visitor);
for (const question of ['What is the long now?', 'Show me some markdown', 'Draw me a diagram']) {
  await ask(page, question);
  await newSession(page);
}
await ask(page, 'Good evening!');
await ask(page, 'Show me a table of the planets');
await ask(page, 'Write a short C program and explain the code');
await conversationText(page);
await page.mouse.move(100, 500);
for (const colorScheme of ['light', 'dark']) {
  await page.emulateMedia({ colorScheme });
  await page.waitForTimeout(400);
  await page.screenshot({ path: fileURLToPath(new URL(`readme-${colorScheme}.png`, import.meta.url)) });
}
await browser.close();
