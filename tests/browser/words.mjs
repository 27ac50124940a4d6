// The page's texts in the language of a test, found by their English source in the page's own catalogs.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** null: the English source. */
let catalog = null;

/** Makes word() and part() speak this language. Each test file is a separate process. */
export function inLanguage(language) {
  const path = fileURLToPath(new URL(`../../htdocs/src/i18n/locales/${language}.po`, import.meta.url));
  const entries = readFileSync(path, 'utf8').matchAll(/^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)/gm);
  const text = (lines) => lines.trim().split('\n').map((line) => JSON.parse(line)).join('');
  // If a text has two translations, the first one counts.
  catalog = new Map([...entries].toReversed().map(([, id, string]) => [text(id), text(string)]));
}

/** The whole text, with its placeholders filled in. */
export function word(english, values = {}) {
  const text = catalog === null ? english : catalog.get(english);
  if (!text) throw new Error(`the catalog lacks ${english}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Finds a text by a piece of its source. A plural may have any of its forms. */
export function part(piece) {
  if (catalog === null) return new RegExp(pattern(piece));
  const [found, ...others] = [...catalog.keys()].filter((english) => english.includes(piece));
  if (found === undefined || (others.length > 0 && !catalog.has(piece))) throw new Error(`the catalog has this ${others.length + 1} times: ${piece}`);
  const text = catalog.get(catalog.has(piece) ? piece : found);
  const forms = /^\{\w+, plural,/.test(text) ? [...text.matchAll(/\{([^{}]*)\}/g)].map(([, form]) => form) : [text];
  return new RegExp(forms.map(pattern).join('|'));
}

/** A pattern for a text; a placeholder matches anything. */
const pattern = (text) => escaped(text).replace(/\\\{\w+\\\}|#/g, '.+');

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
