/**
 * Models like to colour single nodes ("style A fill:#f9f") for a light page. A label without enough contrast becomes black or white, whichever is
 * easier to read.
 */
export function legible(svg: SVGSVGElement): void {
  for (const shape of svg.querySelectorAll<SVGElement>('.node > :is(rect, polygon, circle, ellipse, path, g)[style*="fill"]')) {
    const under = brightness(getComputedStyle(shape).fill);
    if (under === null) continue;
    for (const text of shape.parentElement?.querySelectorAll<SVGElement | HTMLElement>('.label *') ?? []) {
      const property = text instanceof SVGElement ? 'fill' : 'color';
      const ink = brightness(getComputedStyle(text)[property]);
      if (ink === null || contrast(ink, under) >= enough) continue;
      text.style.setProperty(property, contrast(0, under) > contrast(1, under) ? '#000' : '#fff', 'important');
    }
  }
}

/** WCAG 2's minimum contrast for text; the functions below use its formulas. */
const enough = 4.5;

/** The relative luminance of a computed colour; null if it is translucent. */
function brightness(colour: string): number | null {
  const parts = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(colour);
  if (parts === null || (parts[4] !== undefined && Number(parts[4]) < 1)) return null;
  const [red = 0, green = 0, blue = 0] = parts.slice(1, 4).map((part) => linear(Number(part) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}
