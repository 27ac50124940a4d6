/** Saves a picture as a file. */
import { download, save } from './download';

/** Something that can be viewed by itself, above the page, and saved. */
export type Exhibit =
  | { kind: 'picture'; src: string; name: string }
  /** An SVG document on the page's background, with its size in CSS pixels. */
  | { kind: 'drawing'; src: string; name: string; svg: string; width: number; height: number }
  | { kind: 'text'; text: string; name: string };

type Drawing = Extract<Exhibit, { kind: 'drawing' }>;

/** Image pixels per CSS pixel: sharp in print, too; fewer if the canvas would be too large. */
const density = 2;
const widest = 8192;

export function saveSvg({ svg, name }: Drawing, ground: string): void {
  download(`${name}.svg`, 'image/svg+xml', onGround(svg, ground));
}

/** Throws if this browser does not let scripts read a canvas. */
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

/** Its text has colours for the page's background, light or dark, so the background is included. */
function onGround(svg: string, ground: string): string {
  const [, x, y, width, height] = /viewBox="([-\d.]+)[ ,]+([-\d.]+)[ ,]+([\d.]+)[ ,]+([\d.]+)"/.exec(svg) ?? [];
  if (height === undefined) return svg;
  return svg.replace(/<svg[^>]*>/, `$&<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${ground}"/>`);
}

/** Saves it unchanged. */
export function savePicture(src: string, name: string): void {
  const link = document.createElement('a');
  link.href = src;
  const ending = /^data:image\/(\w+)/.exec(src)?.[1]?.replace('jpeg', 'jpg') ?? 'png';
  link.download = /\.\w{2,5}$/.test(name) ? name : `${name}.${ending}`;
  link.click();
}
