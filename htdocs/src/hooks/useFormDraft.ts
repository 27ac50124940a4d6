import { useState, type ChangeEvent } from 'react';
import { useAuth } from '../stores/auth';
import { draftKeyOf, useDrafts } from '../stores/drafts';

/** What stands in the fields of a form, by their names; of a box that is ticked, "on". */
type Fields = Record<string, string>;
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface FormDraft<F extends Fields> {
  values: F;
  /** Something differs from what is stored. */
  changed: boolean;
  change: (part: Partial<F>) => void;
  /** What makes a field of the form one of the draft. */
  field: (name: keyof F & string) => { name: string; value: string; onChange: (event: ChangeEvent<Field>) => void };
  /** The same for a box to tick. */
  box: (name: keyof F & string) => { name: string; checked: boolean; onChange: (event: ChangeEvent<HTMLInputElement>) => void };
  /** These are saved. What was typed meanwhile is not, and stays a draft. */
  saved: (values: F) => void;
  /** All is as it is stored. */
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

/** As long as the page is open and its writer logged in. */
const fleeting: Shelf = {
  get: (key) => onThisPage.get(key),
  put: (key, text) => (text === '' ? onThisPage.delete(key) : onThisPage.set(key, text)),
};

/** A form whose fields are kept while they are typed in: whatever closes it, what was typed is there again. */
export function useFormDraft<F extends Fields>(of: string, stored: F): FormDraft<F> {
  return useDraftOn(kept, of, stored);
}

/** The same for what must not be in storage, or is not worth it. */
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

/** As JSON; empty: there are none. */
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
