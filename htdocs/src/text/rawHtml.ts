/**
 * In place of rehype-raw (vite.config.ts): the HTML that a model writes between its markdown becomes elements, which the sanitizer
 * then looks through. rehype-raw brings an HTML parser of its own, a quarter of the renderer's code, and feeds it every block; a
 * browser has one. It runs no script and loads nothing in a document that is not shown.
 */
import type { Element, ElementContent, Root, RootContent } from 'hast';
import { find, html } from 'property-information';

type Node = RootContent | ElementContent;

export default function rawHtml() {
  return (tree: Root): void => resolve(tree);
}

function resolve(parent: Root | Element): void {
  for (const child of parent.children) if (child.type === 'element') resolve(child);
  if (parent.children.some(({ type }) => type === 'raw')) parent.children = parse(parent.children);
}

/** A tag and its end may stand apart, with elements between: these wait in templates, which HTML allows everywhere. */
function parse(children: Node[]): ElementContent[] {
  const waiting = new Map<string, ElementContent>();
  const source = children.map((child) => {
    if (child.type === 'raw') return withoutStyles(child.value);
    if (child.type === 'text') return escaped(child.value);
    if (child.type !== 'element') return '';
    const id = `held-${waiting.size}`;
    waiting.set(id, child);
    return `<template id="${id}"></template>`;
  });
  const { body } = new DOMParser().parseFromString(`<body>${source.join('')}`, 'text/html');
  return contentOf(body, waiting);
}

/**
 * Styles, handlers and base addresses do not get past the sanitizer, but already the parser would complain of them in the console: the page's policy
 * counts for it as well. One that is overlooked here does no more than that.
 */
function withoutStyles(source: string): string {
  return source
    .replace(/<[^>]*>/g, (tag) => tag.replace(/(?<=[\s/"'])(?:on\w+|style)(?=\s*=)/gi, 'data-refused'))
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
