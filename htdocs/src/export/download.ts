import type { Session } from '../api/sessions';

export function download(name: string, type: string, text: string): void {
  save(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

export function save(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has read the address by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The title without characters that file systems reject, or the id. */
export function fileName({ id, title }: Session, ending: string): string {
  const words = title.match(/[\p{L}\p{N}\p{M}]+/gu)?.join('-') ?? '';
  return `${[...words].slice(0, 60).join('') || id}.${ending}`;
}
