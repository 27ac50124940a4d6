/**
 * Replaces rehype-raw (vite.config.ts): HTML that a model writes between its markdown becomes elements, which the sanitizer then checks. rehype-raw
 * has an HTML parser of its own, a quarter of the renderer's code, and feeds every block to it; the browser already has one. It runs no script and
 * loads nothing in a document that is not displayed.
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

/** A tag and its end may be apart, with elements in between: these wait in templates, which HTML allows everywhere. */
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

/** Shown in addition to what the sanitizer allows by default. */
export const alsoShown = ['abbr', 'bdi', 'bdo', 'cite', 'dfn', 'mark', 'small', 'time', 'u', 'wbr'];
/** Elements that only describe looks: their content is shown. */
const onlyLooks = ['big', 'center', 'font', 'nobr'];
/** The tags that are not treated as text, in lower case. */
const known = new Set([...(defaultSchema.tagNames ?? []), ...alsoShown, ...onlyLooks]);
const alone = new Set(['br', 'hr', 'img', 'input', 'wbr']);
const tags = /<(?!!--)([/!?]?)([a-zA-Z][\w:-]*)?((?:"[^"]*"|'[^']*'|[^"'<>])*)>?/g;
const attribute = /^(?:\s+(?:[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)|open|checked|disabled|reversed))*\s*\/?$/;

/**
 * `Vec<T>`, `<your-api-key>`, `<script>`: anything that is not an HTML tag, or not one that is shown, is text, and all its characters stay. So are
 * comparisons (`x<b and b>z`): HTML attributes have values, or are among the few that need none. Within a line of text, a tag without a partner is
 * text, too: "put a <div> around it".
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
 * The sanitizer removes styles, handlers and base addresses, but the parser would already complain of them in the console, because the page's policy
 * applies to it as well. If one is overlooked here, that is all that happens.
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
    waiting.delete(element.id); // a model may write such a template as well, so each is used once
    return held === undefined ? [] : [held];
  }
  const properties: Element['properties'] = {};
  for (const { name, value } of element.attributes) {
    const { property, boolean, spaceSeparated } = find(html, name);
    properties[property] = boolean ? true : spaceSeparated ? value.split(/\s+/).filter(Boolean) : value;
  }
  return [{ type: 'element', tagName: element.localName, properties, children: contentOf(element, waiting) }];
}

/** It belongs to another document, so it is not an instance of this one's class. */
function isElement(node: ChildNode): node is globalThis.Element & ChildNode {
  return node.nodeType === 1;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
