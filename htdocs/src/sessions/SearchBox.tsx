import { t } from '@lingui/core/macro';
import { Search, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { longestQuery } from '../api/search';
import { IconButton } from '../controls/Button';
import { isComposing } from '../fields/composing';
import { useShell } from '../stores/shell';

export function SearchBox({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const wanted = useShell((state) => state.searchWanted);
  useEffect(() => {
    if (!wanted) return;
    useShell.setState({ searchWanted: false });
    input.current?.focus();
    input.current?.select();
  }, [wanted]);

  return (
    <search className="relative block">
      <Search className="pointer-events-none absolute inset-y-0 left-3 my-auto size-4 text-soft" aria-hidden="true" />
      <input
        dir="auto"
        ref={input}
        aria-label={t`Search chats`}
        placeholder={t`Search`}
        enterKeyHint="search"
        autoComplete="off"
        maxLength={longestQuery}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || text === '' || isComposing(event)) return;
          event.preventDefault();
          event.stopPropagation();
          onChange('');
        }}
        className="h-10 w-full rounded-lg border border-transparent bg-transparent px-9 text-base outline-none placeholder:text-soft hover:bg-hover focus:border-line-strong focus:bg-raised sm:text-sm"
      />
      {text !== '' && (
        <IconButton
          label={t`Clear search`}
          size="size-8"
          className="absolute inset-y-0 right-1 my-auto"
          onClick={() => {
            onChange('');
            input.current?.focus();
          }}
        >
          <X className="size-4" aria-hidden="true" />
        </IconButton>
      )}
    </search>
  );
}
