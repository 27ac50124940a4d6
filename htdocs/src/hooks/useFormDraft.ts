import { useState, type ChangeEvent } from 'react';
import { useAuth } from '../stores/auth';
import { draftKeyOf, useDrafts } from '../stores/drafts';

/** The values of a form's fields, by name; "on" for a checked box. */
type Fields = Record<string, string>;
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface FormDraft<F extends Fields> {
  values: F;
  /** A value differs from what is stored. */
  changed: boolean;
  change: (part: Partial<F>) => void;
  /** The props that connect a field with the draft. */
  field: (name: keyof F & string) => { name: string; value: string; onChange: (event: ChangeEvent<Field>) => void };
  /** The same for a checkbox. */
  box: (name: keyof F & string) => { name: string; checked: boolean; onChange: (event: ChangeEvent<HTMLInputElement>) => void };
  /** These values are saved. What was typed meanwhile is not, and stays a draft. */
  saved: (values: F) => void;
  /** Restores the stored values. */
  discard: () => void;
}

interface Shelf {
  get: (key: string) => string | undefined;
  put: (key: string, text: string) => void;
}

const kept: Shelf = {
  get: (key) => useDrafts.getState().drafts[key],
  put: (key, text) => useDrafts.getState().setDraft(key, text),
};

const onThisPage = new Map<string, string>();
export const forgetPageDrafts = (): void => onThisPage.clear();
useAuth.subscribe(({ phase }) => phase === 'out' && forgetPageDrafts());

/** Lasts while the page is open and the user logged in. */
const fleeting: Shelf = {
  get: (key) => onThisPage.get(key),
  put: (key, text) => (text === '' ? onThisPage.delete(key) : onThisPage.set(key, text)),
};

/** A form whose fields are kept while they are typed: however it is closed, the values are there again. */
export function useFormDraft<F extends Fields>(of: string, stored: F): FormDraft<F> {
  return useDraftOn(kept, of, stored);
}

/** The same for values that must not be stored, or are not worth it. */
export function usePageDraft<F extends Fields>(of: string, stored: F): FormDraft<F> {
  return useDraftOn(fleeting, of, stored);
}

function useDraftOn<F extends Fields>(shelf: Shelf, of: string, stored: F): FormDraft<F> {
  const key = draftKeyOf(useAuth((state) => state.user?.id ?? ''), 'instructions', of);
  const [values, setValues] = useState<F>(() => ({ ...stored, ...fieldsIn(shelf.get(key)) }));
  function change(part: Partial<F>): void {
    const next = { ...values, ...part };
    setValues(next);
    shelf.put(key, differences(next, stored));
  }
  return {
    values,
    changed: differences(values, stored) !== '',
    change,
    field: (name) => ({ name, value: values[name] ?? '', onChange: ({ currentTarget }) => change({ [name]: currentTarget.value } as Partial<F>) }),
    box: (name) => ({ name, checked: values[name] === 'on', onChange: ({ currentTarget }) => change({ [name]: currentTarget.checked ? 'on' : '' } as Partial<F>) }),
    saved: (sent) => {
      if (shelf.get(key) === differences(sent, stored)) shelf.put(key, '');
    },
    discard: () => {
      setValues(stored);
      shelf.put(key, '');
    },
  };
}

/** As JSON; empty if there are none. */
function differences(values: Fields, stored: Fields): string {
  const different = Object.entries(values).filter(([name, value]) => value !== stored[name]);
  return different.length === 0 ? '' : JSON.stringify(Object.fromEntries(different));
}

function fieldsIn(text: string | undefined): Fields {
  try {
    const fields: unknown = JSON.parse(text ?? '{}');
    return typeof fields === 'object' && fields !== null ? (fields as Fields) : {};
  } catch {
    return {};
  }
}
