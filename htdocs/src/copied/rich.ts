import { copyFromField, copyText } from './copy';

/** Puts plain text on the clipboard, and HTML for programs that accept it. */
export async function copyBoth(text: string, html: string): Promise<void> {
  if ('clipboard' in navigator && isSecureContext && typeof ClipboardItem !== 'undefined') {
    const blob = (type: string, value: string): Blob => new Blob([value], { type });
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob('text/plain', text), 'text/html': blob('text/html', html) })]);
    return;
  }
  const onCopy = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData?.setData('text/plain', text);
    event.clipboardData?.setData('text/html', html);
  };
  document.addEventListener('copy', onCopy, { capture: true });
  try {
    copyFromField(text);
  } finally {
    document.removeEventListener('copy', onCopy, { capture: true });
  }
}

export function copyReply(text: string, article: Element): Promise<void> {
  const html = richOf(article);
  return html === '' ? copyText(text) : copyBoth(text, html); // long texts are shown as plain text (markdown/tame.ts)
}

/** A reply as HTML for word processors: its drawn content, without the page's looks, tools and names. */

/** Elements that stay the same. */
const same: ReadonlySet<string> = new Set('p ul li strong em del blockquote hr sub sup table thead tbody tr th td br pre code section'.split(' '));
/** The page's headings begin at a lower level (MarkdownBody). */
const headings: Readonly<Record<string, string>> = { h3: 'h2', h4: 'h3', h5: 'h4', h6: 'h5' };
const empty: ReadonlySet<string> = new Set(['hr', 'br']);

/** `article`: the reply; its reasoning is left out. */
function richOf(article: Element): string {
  return [...article.querySelectorAll('.prose')].filter((text) => text.closest('details') === null).map(inside).join('\n');
}

function inside(element: Element): string {
  return [...element.childNodes].map(htmlOf).join('');
}

function htmlOf(node: Node): string {
  if (node instanceof Text) return escaped(node.data);
  if (!(node instanceof Element) || node.matches('svg, .sr-only')) return '';
  // These have buttons and names around them.
  if (node.matches('.code, .table-frame')) return [...node.querySelectorAll('pre, table')].map(htmlOf).join('');
  const { localName: name } = node;
  if (name === 'math') return node.outerHTML;
  if (name === 'input') return (node as HTMLInputElement).checked ? '☑' : '☐';
  if (name === 'img') return picture(node);
  if (name === 'a') return link(node);
  if (name === 'ol') return `<ol${attribute('start', node.getAttribute('start'))}${direction(node)}>${inside(node)}</ol>`;
  const written = headings[name] ?? (same.has(name) ? name : null);
  if (written === null) return inside(node);
  if (empty.has(written)) return `<${written}>`;
  return `<${written}${direction(node)}>${inside(node)}</${written}>`;
}

function picture(image: Element): string {
  const src = image.getAttribute('src') ?? '';
  return /^data:image\/(?!svg)/i.test(src) ? `<img${attribute('src', src)}${attribute('alt', image.getAttribute('alt'))}>` : '';
}

/** Footnotes lead nowhere outside the page. */
function link(anchor: Element): string {
  const href = anchor.getAttribute('href') ?? '';
  return href.startsWith('#') ? inside(anchor) : `<a${attribute('href', href)}>${inside(anchor)}</a>`;
}

function direction(element: Element): string {
  return attribute('dir', element.hasAttribute('dir') && getComputedStyle(element).direction === 'rtl' ? 'rtl' : null);
}

function attribute(name: string, value: string | null): string {
  return value === null || value === '' ? '' : ` ${name}="${escaped(value)}"`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
