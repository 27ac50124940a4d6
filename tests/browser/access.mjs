// axe in a page: what it finds wrong, in one line each.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What is wrong with the page as it is now. The debugger evaluates axe, so the page's Content-Security-Policy stays as it is.
 */
export async function violations(page, options = {}) {
  await page.evaluate(`globalThis.axe ?? (() => { ${source} })()`);
  return page.evaluate(async (options) => {
    // An element that is still fading in does not have its final colours yet.
    const fading = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Number.POSITIVE_INFINITY);
    await Promise.race([Promise.allSettled(fading.map(({ finished }) => finished)), new Promise((over) => setTimeout(over, 2000))]);
    const { violations } = await globalThis.axe.run(document, { ...options, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)}: ${failureSummary}`));
  }, options);
}

/** The same for what can differ between light and dark only. */
export const contrastViolations = (page) => violations(page, { runOnly: ['color-contrast', 'link-in-text-block'] });
