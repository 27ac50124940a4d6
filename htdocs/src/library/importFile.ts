/** Sends a file of assistants and prompts to the server; returns what was imported, or why nothing was. */
import { t } from '@lingui/core/macro';
import { addLibrary, libraryFileMost, type ImportedItem } from '../api/library';
import { ApiError } from '../api/problem';
import { librarySentenceOf } from './sentences';

export type Outcome =
  | { kind: 'imported'; items: ImportedItem[] }
  /** Nothing was imported. `detail`: the server's sentence about one object in the file, in English. */
  | { kind: 'refused'; sentence: string; detail: string | null };

type Content = Record<'assistants' | 'prompts', unknown>;

export async function importFile(file: File): Promise<Outcome> {
  if (file.size > libraryFileMost) return refused(tooLarge());
  const text = await textOf(file);
  if (text === null) return refused(t`This file can’t be read.`);
  const content = parsed(text);
  if (content === null) return refused(notOne());
  try {
    return { kind: 'imported', items: await addLibrary(text) };
  } catch (error) {
    return why(error, content);
  }
}

const refused = (sentence: string, detail: string | null = null): Outcome => ({ kind: 'refused', sentence, detail });
const notOne = (): string => t`This isn’t a file of assistants and prompts. Choose one that was saved with Export.`;
const tooLarge = (): string => t`This file is too large. It can have at most 4 MB.`;

/** null if the device does not give it (any more). */
function textOf(file: File): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => resolve(null);
    reader.readAsText(file);
  });
}

/** A JSON object, or null. */
function parsed(text: string): Content | null {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null && Reflect.get(content, 'lamplight') === 'library' ? (content as Content) : null;
  } catch {
    return null;
  }
}

function why(error: unknown, content: Content): Outcome {
  if (!(error instanceof ApiError)) return refused(librarySentenceOf(error));
  if (error.status === 413) return refused(tooLarge());
  if (error.code !== 'invalid') return refused(librarySentenceOf(error));
  const { field, about: { item, detail } } = error;
  if (field !== 'assistants' && field !== 'prompts') return refused(notOne());
  if (item === undefined || detail === undefined) return refused(notOne(), error.message);
  const name = nameOf(content[field], item);
  const which = name === '' ? String(item) : `${item} (${name})`;
  return refused(field === 'assistants' ? t`Assistant ${which} in the file can’t be used.` : t`Prompt ${which} in the file can’t be used.`, detail);
}

/** The displayed part of a name, however long the value is. */
function nameOf(list: unknown, number: number): string {
  const item: unknown = Array.isArray(list) ? list[number - 1] : null;
  const name: unknown = Reflect.get(Object(item), 'name');
  return typeof name === 'string' ? [...name.trim()].slice(0, 60).join('') : '';
}
