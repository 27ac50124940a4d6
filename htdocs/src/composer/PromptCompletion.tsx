import { plural, t } from '@lingui/core/macro';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import type { Prompt } from '../api/library';
import { insertText } from '../fields/insertText';
import { filledIn, fieldsOf } from '../fields/variables';
import { promptsNamed, refreshPrompts, usePrompts } from '../stores/prompts';
import { PromptFields } from './PromptFields';

export interface CompletionProps {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  /** Receives the field's keys first; returns whether it has handled a key. */
  keys: RefObject<((event: KeyboardEvent) => boolean) | null>;
}

/** "/name" at the start of a line, up to the cursor. */
const call = /(?:^|\n)\/([a-z0-9-]{0,64})$/i;
const most = 50;

/** The prompts that begin with the text after a slash, above the field, which keeps the focus. */
export function PromptCompletion({ field, text, keys }: CompletionProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const prompts = usePrompts((state) => state.prompts) ?? [];
  const cursor = useCursor(field, text);
  const [active, setActive] = useState(0);
  /** The call that the writer has dismissed. */
  const [left, setLeft] = useState<string | null>(null);
  const [asking, setAsking] = useState<Prompt | null>(null);
  useEffect(() => void refreshPrompts().catch(() => undefined), []);

  const name = cursor === null ? undefined : call.exec(text.slice(0, cursor))?.[1];
  const shown = name === undefined || name === left ? [] : promptsNamed(prompts, name).slice(0, most);
  const open = shown.length > 0 && asking === null;
  const at = Math.min(active, Math.max(shown.length - 1, 0));
  useEffect(() => setActive(0), [name]);
  useEffect(() => {
    if (name === undefined) setLeft(null);
  }, [name]);
  useEffect(() => {
    void list.current?.querySelector('[data-active]')?.scrollIntoView?.({ block: 'nearest' });
  }, [at, open]);

  function choose(prompt: Prompt | undefined): void {
    if (prompt === undefined) return;
    if (fieldsOf(prompt.text).length > 0) setAsking(prompt);
    else insert(prompt.text);
  }

  /** Replaces the call. */
  function insert(written: string): void {
    const { current } = field;
    if (current === null) return;
    const end = cursor ?? current.selectionEnd;
    const start = end - 1 - (call.exec(current.value.slice(0, end))?.[1]?.length ?? -1);
    current.focus();
    current.setSelectionRange(start, end);
    insertText(current, written);
  }

  function onKey(event: KeyboardEvent): boolean {
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    const does: Record<string, () => void> = {
      ArrowDown: () => setActive(Math.min(at + 1, shown.length - 1)),
      ArrowUp: () => setActive(Math.max(at - 1, 0)),
      Enter: () => choose(shown[at]),
      Tab: () => choose(shown[at]),
      Escape: () => setLeft(name ?? null),
    };
    const act = does[event.key];
    if (act === undefined) return false;
    event.preventDefault();
    act();
    return true;
  }

  useEffect(() => {
    keys.current = open ? onKey : null;
    return () => {
      keys.current = null;
    };
  });
  // The field belongs to the composer; its attributes about this list are set here.
  useEffect(() => {
    const { current } = field;
    if (!open || current === null) return undefined;
    const said = { 'aria-autocomplete': 'list', 'aria-haspopup': 'listbox', 'aria-controls': id, 'aria-activedescendant': `${id}-${at}` };
    for (const [attribute, value] of Object.entries(said)) current.setAttribute(attribute, value);
    return () => {
      for (const attribute of Object.keys(said)) current.removeAttribute(attribute);
    };
  }, [field, id, at, open]);

  return (
    <>
      <p role="status" className="sr-only">{open ? plural(shown.length, { one: '# prompt', other: '# prompts' }) : ''}</p>
      {open && (
        <div
          ref={list}
          id={id}
          role="listbox"
          aria-label={t`Prompts`}
          className="absolute inset-x-0 bottom-2 z-20 max-h-[min(20rem,40dvh)] overflow-y-auto rounded-xl border border-line bg-raised p-1 text-sm shadow-lift"
        >
          {shown.map((prompt, n) => (
            <div
              key={prompt.id}
              id={`${id}-${n}`}
              role="option"
              tabIndex={-1}
              aria-selected={n === at}
              data-active={n === at || undefined}
              onPointerDown={(event) => event.preventDefault() /* the focus stays in the field */}
              onPointerMove={() => n !== at && setActive(n)}
              onClick={() => choose(prompt)}
              className="flex min-h-9 cursor-pointer items-baseline gap-3 rounded-lg px-2.5 py-1.5 data-active:bg-hover pointer-coarse:min-h-11"
            >
              <span dir="ltr" className="max-w-1/2 shrink-0 truncate font-medium">/{prompt.name}</span>
              <span dir="auto" className="min-w-0 truncate text-xs text-soft">{prompt.text.slice(0, 200)}</span>
            </div>
          ))}
        </div>
      )}
      {asking !== null && (
        <PromptFields
          prompt={asking}
          onFilled={(values) => {
            flushSync(() => setAsking(null)); // while it is open, the text would go into it
            insert(filledIn(asking.text, values));
          }}
          onClose={() => {
            setAsking(null);
            setLeft(name ?? null);
            field.current?.focus();
          }}
        />
      )}
    </>
  );
}

/** The cursor position in the field; null if the focus is elsewhere, or something is selected. */
function useCursor(field: RefObject<HTMLTextAreaElement | null>, text: string): number | null {
  const [cursor, setCursor] = useState<number | null>(null);
  useEffect(() => {
    const look = (): void => {
      const { current } = field;
      const here = current !== null && document.activeElement === current && current.selectionStart === current.selectionEnd;
      setCursor(here ? current.selectionEnd : null);
    };
    look();
    document.addEventListener('selectionchange', look);
    document.addEventListener('focusin', look);
    document.addEventListener('focusout', look);
    return () => {
      document.removeEventListener('selectionchange', look);
      document.removeEventListener('focusin', look);
      document.removeEventListener('focusout', look);
    };
  }, [field, text]);
  return cursor;
}
