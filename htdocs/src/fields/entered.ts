/** Values entered in a form, in the types of the API; null if empty. */

export function textIn(data: FormData, name: string): string | null {
  const text = String(data.get(name) ?? '').trim();
  return text === '' ? null : text;
}

export function numberIn(data: FormData, name: string): number | null {
  const text = textIn(data, name);
  return text === null || !Number.isFinite(Number(text)) ? null : Number(text);
}

/** A price as people write it, in millionths. */
export function priceIn(data: FormData, name: string): number | null {
  const price = numberIn(data, name);
  return price === null ? null : Math.round(price * 1e6);
}

export function priceText(millionths: number | null): string {
  return millionths === null ? '' : String(millionths / 1e6);
}

/** "Name: value" in each line; undefined if it has another form. */
export function headersIn(text: string | null): Record<string, string> | null | undefined {
  const lines = (text ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const headers = lines.map((line) => /^([!#$%&'*+.^_`|~\w-]+)\s*:\s*(\S.*)$/.exec(line));
  if (headers.includes(null)) return undefined;
  return lines.length === 0 ? null : Object.fromEntries(headers.map((match) => [match?.[1] ?? '', match?.[2] ?? '']));
}

export function headersText(headers: Record<string, string> | null): string {
  return Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`).join('\n');
}

/** A JSON object; undefined if it is something else. */
export function objectIn(text: string | null): Record<string, unknown> | null | undefined {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
