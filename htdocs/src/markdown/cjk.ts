/** Markdown as written in Chinese, Japanese and Korean: without blanks around marked text. */
import type { Link, Nodes, Parents, Root } from 'mdast';
import { cjkFriendlyExtension } from 'micromark-extension-cjk-friendly';

interface Processor {
  data(): { micromarkExtensions?: unknown[] };
}

/** `**注意：**请看` is bold: a mark beside a CJK character needs no blank. */
export function cjkEmphasis(this: unknown): void {
  const data = (this as Processor).data();
  (data.micromarkExtensions ??= []).push(cjkFriendlyExtension());
}

/** Punctuation that is not part of an address, unlike letters. */
const marks = '\\u3001-\\u3003\\u3008-\\u3011\\u3014-\\u301f\\uff01-\\uff0f\\uff1a-\\uff1f\\uff3b-\\uff40\\uff5b-\\uff65\\u2018-\\u201d\\u2026';
const ending = new RegExp(`[${marks}]`);
/** Another address, in what the parser took for the rest of the first one. */
const another = new RegExp(`(?:https?://|www\\.)[\\p{L}\\p{N}][^${marks}]*`, 'giu');

/** A bare address ends before such punctuation, and another one may begin after it. */
export function linkEnds(): (tree: Root) => void {
  return shorten;
}

function shorten(parent: Parents): void {
  parent.children = (parent.children as Nodes[]).flatMap((child) => {
    if (child.type === 'link') return split(child);
    if ('children' in child) shorten(child);
    return [child];
  }) as typeof parent.children;
}

function split(link: Link): Nodes[] {
  const [text] = link.children;
  if (link.children.length !== 1 || text?.type !== 'text' || !link.url.endsWith(text.value)) return [link];
  const { start, end } = link.position ?? {};
  const bare = start?.offset === undefined || end?.offset === undefined || end.offset - start.offset === text.value.length;
  const at = text.value.search(ending);
  if (!bare || at <= 0) return [link];
  const rest = text.value.slice(at);
  const shorter: Link = { ...link, url: link.url.slice(0, -rest.length), children: [{ type: 'text', value: text.value.slice(0, at) }] };
  return [shorter, ...linked(rest)];
}

/** Turns bare addresses in a text into links. */
function linked(value: string): Nodes[] {
  const nodes: Nodes[] = [];
  let done = 0;
  for (const { 0: shown, index } of value.matchAll(another)) {
    nodes.push({ type: 'text', value: value.slice(done, index) });
    nodes.push({ type: 'link', url: /^www\./i.test(shown) ? `http://${shown}` : shown, children: [{ type: 'text', value: shown }] });
    done = index + shown.length;
  }
  return [...nodes, { type: 'text', value: value.slice(done) }];
}
