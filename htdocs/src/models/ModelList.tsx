import { Check } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { isComposing } from '../fields/composing';
import { matching } from '../found/matching';
import { useMediaQuery } from '../hooks/useMediaQuery';

/** With this many lines, searching by name is faster than looking. */
const many = 8;
/** How many lines Page Up and Page Down move. */
const pageful = 6;

export interface Item {
  key: string;
  label: string;
  /** The text that the search matches. */
  words: string;
  chosen: boolean;
  face: ReactNode;
}

export interface Group {
  /** null if there is no other group. */
  name: string | null;
  items: Item[];
}

interface Props {
  label: string;
  /** The label of the search field, and the text if nothing matches. */
  search: readonly [label: string, none: string];
  groups: Group[];
  /** The focus stays with a reader who is writing. */
  yields: boolean;
  onChoose: (key: string) => void;
}

/** A listbox; if it has many lines, a field above it has the focus and filters them. */
export function ModelList({ label, search: [searchLabel, none], groups, yields, onChoose }: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const touch = useMediaQuery('(pointer: coarse)');
  const [words, setWords] = useState('');
  const all = groups.flatMap(({ items }) => items);
  const [active, setActive] = useState<string | null>(all.find(({ chosen }) => chosen)?.key ?? null);
  const searching = all.length > many;
  const shown = searching ? matching(all, words, ({ words }) => words) : all;
  const at = Math.max(shown.findIndex(({ key }) => key === active), 0);
  const activeId = shown.length === 0 ? undefined : `${id}-${at}`;

  // On a touch screen the keyboard would open. Text that somebody is typing elsewhere would pick a model.
  useEffect(() => {
    if (!yields || !isWriting(document.activeElement)) (searching && !touch ? input.current : list.current)?.focus();
  }, []);
  useEffect(() => {
    // Newer browsers return a promise, which must not become a cleanup function.
    void list.current?.querySelector('[data-active]')?.scrollIntoView?.({ block: 'nearest' });
  }, [activeId, words]);

  const go = (to: number): void => setActive(shown[Math.min(Math.max(to, 0), shown.length - 1)]?.key ?? null);

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target === input.current;
    if (event.key === 'Enter' && event.repeat) return; // from sending the message
    const does: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      PageDown: () => go(at + pageful),
      PageUp: () => go(at - pageful),
      ...(!typing && { Home: () => go(0), End: () => go(shown.length - 1) }),
      Enter: () => pick(),
      ...(!typing && { ' ': () => pick() }),
    };
    const act = does[event.key] ?? (!typing && event.key.length === 1 ? () => byLetter(event.key) : undefined);
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  function pick(): void {
    const item = shown[at];
    if (item !== undefined) onChoose(item.key);
  }

  /** A letter goes to the field, or selects the next name that begins with it. */
  function byLetter(letter: string): void {
    if (searching) {
      input.current?.focus();
      setWords(words + letter);
      return;
    }
    const after = [...shown.slice(at + 1), ...shown.slice(0, at + 1)];
    const next = after.find((item) => item.label.toLowerCase().startsWith(letter.toLowerCase()));
    if (next !== undefined) setActive(next.key);
  }

  return (
    <>
      {searching && (
        <input
          ref={input}
          role="combobox"
          aria-label={searchLabel}
          aria-expanded
          aria-controls={id}
          aria-activedescendant={activeId}
          aria-autocomplete="list"
          placeholder={searchLabel}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          maxLength={200}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            setActive(null);
          }}
          onKeyDown={onKeyDown}
          className="m-2 h-10 shrink-0 rounded-lg border border-line-strong bg-raised px-3 text-base outline-none focus:border-accent focus:ring-2 focus:ring-accent/25 pointer-coarse:h-11 sm:text-sm"
        />
      )}
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={label}
        tabIndex={searching && !touch ? -1 : 0}
        aria-activedescendant={activeId}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto rounded-xl p-1 outline-none"
      >
        {groups.map(({ name, items }) => {
          const lines = items.filter((item) => shown.includes(item)).map((item) => {
            const n = shown.indexOf(item);
            return <Line key={item.key} id={`${id}-${n}`} item={item} active={n === at} onPoint={() => setActive(item.key)} onChoose={() => onChoose(item.key)} />;
          });
          return name === null || lines.length === 0 ? lines : (
            <div key={name} role="group" aria-label={name}>
              <p aria-hidden="true" className="px-2 pt-2 pb-1 text-xs text-soft">{name}</p>
              {lines}
            </div>
          );
        })}
      </div>
      {searching && (
        <p role="status" className={shown.length === 0 ? 'px-3 pb-4 text-soft' : 'sr-only'}>
          {shown.length === 0 ? none : ''}
        </p>
      )}
    </>
  );
}

function isWriting(element: Element | null): boolean {
  return (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement) && element.value !== '';
}

function Line({ id, item: { chosen, face }, active, onPoint, onChoose }: { id: string; item: Item; active: boolean; onPoint: () => void; onChoose: () => void }) {
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      data-active={active || undefined}
      onPointerMove={() => active || onPoint()}
      onClick={onChoose}
      className="flex min-h-11 cursor-pointer items-center gap-2 rounded-lg px-2 py-1.5 data-active:bg-hover"
    >
      <Check className={`size-4 shrink-0 text-accent ${chosen ? '' : 'invisible'}`} aria-hidden="true" />
      {face}
    </div>
  );
}
