import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Check, TriangleAlert } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { Model } from '../../api/models';
import { useMediaQuery } from '../../hooks/useMediaQuery';
import { isComposing } from '../../text/composing';
import { matching } from '../../text/matching';
import { Abilities } from './Abilities';

/** From so many on, a name is found faster than seen. */
const many = 8;
/** How many lines Page Up and Page Down go. */
const pageful = 6;

/** A listbox; with many models a field above it holds the focus and says which ones are shown. `yields`: who is typing keeps the focus. */
export function ModelList({ label, models, chosen, yields, onChoose }: { label: string; models: Model[]; chosen: string | null; yields: boolean; onChoose: (id: string) => void }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const touch = useMediaQuery('(pointer: coarse)');
  const [words, setWords] = useState('');
  const [active, setActive] = useState<string | null>(chosen);
  const searching = models.length > many;
  const shown = searching ? matching(models, words, ({ label, provider }) => `${label} ${provider}`) : models;
  const at = Math.max(shown.findIndex((model) => model.id === active), 0);
  const activeId = shown.length === 0 ? undefined : `${id}-${at}`;

  // On a touch screen the keyboard would jump up. What somebody is typing elsewhere would pick a model.
  useEffect(() => {
    if (!yields || document.activeElement?.matches('textarea, input') !== true) (searching && !touch ? input.current : list.current)?.focus();
  }, []);
  useEffect(() => {
    // Newer browsers answer with a promise, which is nothing to clean up.
    void list.current?.querySelector('[data-active]')?.scrollIntoView?.({ block: 'nearest' });
  }, [activeId, words]);

  const go = (to: number): void => setActive(shown[Math.min(Math.max(to, 0), shown.length - 1)]?.id ?? null);

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target === input.current;
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
    const model = shown[at];
    if (model !== undefined) onChoose(model.id);
  }

  /** A letter goes to the field, or to the next name that begins with it. */
  function byLetter(letter: string): void {
    if (searching) {
      input.current?.focus();
      setWords(words + letter);
      return;
    }
    const after = [...shown.slice(at + 1), ...shown.slice(0, at + 1)];
    const next = after.find((model) => model.label.toLowerCase().startsWith(letter.toLowerCase()));
    if (next !== undefined) setActive(next.id);
  }

  return (
    <>
      {searching && (
        <input
          ref={input}
          role="combobox"
          aria-label={t`Search models`}
          aria-expanded
          aria-controls={id}
          aria-activedescendant={activeId}
          aria-autocomplete="list"
          placeholder={t`Search models`}
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
        {shown.map((model, n) => (
          <Line key={model.id} id={`${id}-${n}`} model={model} chosen={model.id === chosen} active={n === at} onPoint={() => setActive(model.id)} onChoose={() => onChoose(model.id)} />
        ))}
      </div>
      {searching && (
        <p role="status" className={shown.length === 0 ? 'px-3 pb-4 text-soft' : 'sr-only'}>
          {shown.length === 0 ? t`No model has this name.` : ''}
        </p>
      )}
    </>
  );
}

function Line({ id, model, chosen, active, onPoint, onChoose }: { id: string; model: Model; chosen: boolean; active: boolean; onPoint: () => void; onChoose: () => void }) {
  const { label, provider, contextTokens, problem } = model;
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
      <span className="grid min-w-0 flex-1">
        <span dir="auto" title={label} className="truncate">{label}</span>
        <span className="flex min-w-0 gap-1 text-xs text-soft">
          {problem !== null ? (
            <span className="flex items-center gap-1 text-danger">
              <TriangleAlert className="size-3.5 shrink-0" aria-hidden="true" />
              {t`has problems`}
            </span>
          ) : (
            <span dir="auto" className="truncate">{[provider, contextTokens === null ? '' : contextOf(contextTokens)].filter(Boolean).join(' · ')}</span>
          )}
        </span>
      </span>
      <Abilities of={model} />
    </div>
  );
}

function contextOf(tokens: number): string {
  const number = new Intl.NumberFormat(i18n.locale, { notation: 'compact', maximumFractionDigits: 1 }).format(tokens);
  return t`${number} tokens of context`;
}
