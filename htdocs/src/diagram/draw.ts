import mermaid from 'mermaid';
import { legible } from './legible';
import type { Answer, Drawing, Wish } from './protocol';
import { paletteOf } from './palette';

const font = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif";

/** Settings that a diagram's own directives must not change: the page's colours, and everything that keeps the source harmless. */
const secure = [
  'secure', 'securityLevel', 'startOnLoad', 'maxTextSize', 'maxEdges', 'suppressErrorRendering', 'htmlLabels', 'dompurifyConfig',
  'theme', 'themeVariables', 'themeCSS', 'darkMode', 'look', 'fontFamily', 'altFontFamily',
];

let drawn = 0;

export async function draw({ source, scheme }: Wish): Promise<Answer> {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    secure,
    look: 'classic',
    theme: 'base',
    darkMode: scheme === 'dark',
    themeVariables: { ...paletteOf(scheme), fontFamily: font },
    fontFamily: font,
  });
  try {
    const { svg } = await mermaid.render(`diagram-${drawn++}`, source);
    return finish(svg);
  } catch (error) {
    return { line: lineOf(error, source.trimEnd().split('\n').length) };
  }
}

/** Makes a document with the size of the drawing: mermaid's takes the width of its container. */
function finish(svg: string): Drawing {
  document.body.innerHTML = svg;
  const root = document.querySelector('svg');
  if (root === null) throw new Error('mermaid drew nothing');
  legible(root);
  const { width, height } = root.viewBox.baseVal;
  root.setAttribute('width', String(Math.ceil(width)));
  root.setAttribute('height', String(Math.ceil(height)));
  root.style.removeProperty('max-width');
  const drawing = { svg: new XMLSerializer().serializeToString(root), width: Math.ceil(width), height: Math.ceil(height) };
  document.body.replaceChildren();
  return drawing;
}

/** Its parsers say "on line 3" or "at line 3"; for an unexpected end they name a line after the last one. */
function lineOf(error: unknown, last: number): number | null {
  const line = error instanceof Error ? /\bline[: ]+(\d+)/i.exec(error.message)?.[1] : undefined;
  return line === undefined ? null : Math.min(Number(line), last);
}
