/**
 * In place of rehype-raw (vite.config.ts): the HTML that a model writes between its markdown becomes elements, which the sanitizer
 * then looks through. rehype-raw brings an HTML parser of its own, a quarter of the renderer's code, and feeds it every block; a
 * browser has one. It runs no script and loads nothing in a document that is not shown.
 */
import type { Element, ElementContent, Root, RootContent } from 'hast';
import { find, html } from 'property-information';
import { defaultSchema } from 'rehype-sanitize';

type Node = RootContent | ElementContent;

export default function rawHtml() {
  return (tree: Root): void => resolve(tree);
}

function resolve(parent: Root | Element): void {
  for (const child of parent.children) if (child.type === 'element') resolve(child);
  if (parent.children.some(({ type }) => type === 'raw')) parent.children = parse(parent.children, parent.type === 'element');
}

/** A tag and its end may stand apart, with elements between: these wait in templates, which HTML allows everywhere. */
function parse(children: Node[], inline: boolean): ElementContent[] {
  const raw = withoutForeignTags(children.map((child) => (child.type === 'raw' ? child.value : '')), inline);
  const waiting = new Map<string, ElementContent>();
  const source = children.map((child, n) => {
    if (child.type === 'raw') return withoutStyles(raw[n] ?? '');
    if (child.type === 'text') return escaped(child.value);
    if (child.type !== 'element') return '';
    const id = `held-${waiting.size}`;
    waiting.set(id, child);
    return `<template id="${id}"></template>`;
  });
  const { body } = new DOMParser().parseFromString(`<body>${source.join('')}`, 'text/html');
  return contentOf(body, waiting);
}

/** What is shown beside what the sanitizer lets pass by itself. */
export const alsoShown = ['abbr', 'bdi', 'bdo', 'cite', 'dfn', 'mark', 'small', 'time', 'u', 'wbr'];
/** How something should look, and nothing more: of these the content is shown. */
const onlyLooks = ['big', 'center', 'font', 'nobr'];
/** The tags that are no text, in small letters, as models write HTML. */
const known = new Set([...(defaultSchema.tagNames ?? []), ...alsoShown, ...onlyLooks]);
const alone = new Set(['br', 'hr', 'img', 'input', 'wbr']);
const tags = /<(?!!--)([/!?]?)([a-zA-Z][\w:-]*)?((?:"[^"]*"|'[^']*'|[^"'<>])*)>?/g;
const attribute = /^(?:\s+(?:[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)|open|checked|disabled|reversed))*\s*\/?$/;

/**
 * `Vec<T>`, `<your-api-key>`, `<script>`: what is no tag of HTML, or none that is shown, is text, and every character of it stays. So are
 * comparisons (`x<b and b>z`): attributes of HTML have values, or are among those few that need none. Within a line of text a tag that
 * has no partner is text, too: "put a <div> around it".
 */
function withoutForeignTags(sources: string[], inline: boolean): string[] {
  const open: { name: string; key: string }[] = [];
  const paired = new Set<string>();
  sources.forEach((source, n) => {
    for (const { 1: mark, 2: name = '', 3: attributes = '', index } of source.matchAll(tags)) {
      const key = `${n}:${index}`;
      if (!known.has(name) || !attribute.test(attributes)) continue;
      if (!inline || alone.has(name)) paired.add(key);
      else if (mark === '') open.push({ name, key });
      else if (open.some((each) => each.name === name)) {
        while (open.at(-1)?.name !== name) open.pop();
        paired.add(key).add(open.pop()?.key ?? '');
      }
    }
  });
  return sources.map((source, n) => source.replace(tags, (tag, _mark, _name, _attributes, index: number) => (paired.has(`${n}:${index}`) ? tag : escaped(tag))));
}

/**
 * Styles, handlers and base addresses do not get past the sanitizer, but already the parser would complain of them in the console: the page's policy
 * counts for it as well. One that is overlooked here does no more than that.
 */
function withoutStyles(source: string): string {
  return source
    .replace(/<[^<>]*>/g, (tag) => tag.replace(/(?<=[\s/"'])(?:on\w+|style)(?=\s*=)/gi, 'data-refused'))
    .replace(/(<\/?)style\b/gi, '$1template')
    .replace(/<base\b/gi, '<wbr');
}

function contentOf(parent: ParentNode, waiting: Map<string, ElementContent>): ElementContent[] {
  const content: ElementContent[] = [];
  for (const node of parent.childNodes) {
    if (node.nodeType === 3) content.push({ type: 'text', value: node.nodeValue ?? '' });
    else if (isElement(node)) content.push(...elementOf(node, waiting));
  }
  return content;
}

function elementOf(element: globalThis.Element, waiting: Map<string, ElementContent>): ElementContent[] {
  if (element.localName === 'template') {
    const held = waiting.get(element.id);
    waiting.delete(element.id); // a model may write such a template as well: each comes back once
    return held === undefined ? [] : [held];
  }
  const properties: Element['properties'] = {};
  for (const { name, value } of element.attributes) {
    const { property, boolean, spaceSeparated } = find(html, name);
    properties[property] = boolean ? true : spaceSeparated ? value.split(/\s+/).filter(Boolean) : value;
  }
  return [{ type: 'element', tagName: element.localName, properties, children: contentOf(element, waiting) }];
}

/** Of another document, so not an instance of this one's class. */
function isElement(node: ChildNode): node is globalThis.Element & ChildNode {
  return node.nodeType === 1;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
