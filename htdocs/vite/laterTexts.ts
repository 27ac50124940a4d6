import { normalizePath, type Plugin } from 'vite';
import { firstFiles, idsIn, loadedWith } from './texts.ts';

/**
 * Splits each catalog of src/i18n/locales: `x.po` contains the texts of what everybody loads first, and `x.po?later?lingui`
 * the rest, which loads together with the parts of the page that need it (withTexts). In development, both contain
 * everything.
 */
export function laterTexts(): Plugin {
  let first: Set<string> | undefined;
  return {
    name: 'lamplight:later-texts',
    apply: 'build',
    enforce: 'post',
    buildStart() {
      first = undefined;
    },
    transform: {
      filter: { id: /\/src\/i18n\/locales\/[^/]+\.po(\?later\?lingui)?$/ },
      handler(code, id) {
        const [, literal] = /JSON\.parse\(("(?:[^"\\]|\\.)*")\)/.exec(code) ?? [];
        if (literal === undefined) this.error(`${id} is no catalog`);
        first ??= new Set([...loadedWith(firstFiles)].flatMap(idsIn));
        const later = normalizePath(id).includes('?later');
        const messages = Object.entries(JSON.parse(JSON.parse(literal) as string) as object).filter(([text]) => first?.has(text) !== later);
        return { code: `export const messages = JSON.parse(${JSON.stringify(JSON.stringify(Object.fromEntries(messages)))});`, map: null, moduleType: 'js' };
      },
    },
  };
}
