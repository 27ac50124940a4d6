/** A picture as a file. */
import { download, save } from './download';

/** What can be looked at by itself, above the page, and saved. */
export type Exhibit =
  | { kind: 'picture'; src: string; name: string }
  /** An SVG document on the page's ground, of this size in CSS pixels. */
  | { kind: 'drawing'; src: string; name: string; svg: string; width: number; height: number }
  | { kind: 'text'; text: string; name: string };

type Drawing = Extract<Exhibit, { kind: 'drawing' }>;

/** So many pixels for one of the page: sharp on paper, too; fewer, when it would be larger than canvases may be. */
const density = 2;
const widest = 8192;

export function saveSvg({ svg, name }: Drawing, ground: string): void {
  download(`${name}.svg`, 'image/svg+xml', onGround(svg, ground));
}

/** Throws when this browser lets nobody read what it has drawn. */
export async function savePng({ svg, name, width, height }: Drawing, ground: string): Promise<void> {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const scale = Math.min(density, widest / width, widest / height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('canvas');
  pen.fillStyle = ground;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('canvas');
  save(`${name}.png`, blob);
}

/** Its letters are made for the page's ground, light or dark, which is therefore a part of it. */
function onGround(svg: string, ground: string): string {
  const [, x, y, width, height] = /viewBox="([-\d.]+)[ ,]+([-\d.]+)[ ,]+([\d.]+)[ ,]+([\d.]+)"/.exec(svg) ?? [];
  if (height === undefined) return svg;
  return svg.replace(/<svg[^>]*>/, `$&<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${ground}"/>`);
}

/** As it was sent. */
export function savePicture(src: string, name: string): void {
  const link = document.createElement('a');
  link.href = src;
  const ending = /^data:image\/(\w+)/.exec(src)?.[1]?.replace('jpeg', 'jpg') ?? 'png';
  link.download = /\.\w{2,5}$/.test(name) ? name : `${name}.${ending}`;
  link.click();
}
