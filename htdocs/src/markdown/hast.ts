/** What a renderer needs to know about an element before it draws it. */
import type { Element, Text } from 'hast';

type Node = Element | Text | { type: string };

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** The direction of its first letter. (`dir="auto"` does not look into elements with a direction of their own, such as the contents of a list.) */
export function directionOf(node: Node | undefined): 'ltr' | 'rtl' {
  return rightToLeft.test(firstLetter(node) ?? '') ? 'rtl' : 'ltr';
}

function firstLetter(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if ('value' in node) return /\p{L}/u.exec(node.value)?.[0];
  if (!('children' in node) || node.tagName === 'code') return undefined;
  for (const child of node.children) {
    const letter = firstLetter(child);
    if (letter !== undefined) return letter;
  }
  return undefined;
}

/** Its text, without marks and elements. */
export function textOf(node: Node | undefined): string {
  if (node === undefined) return '';
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}
