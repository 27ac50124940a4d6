import { plural, t } from '@lingui/core/macro';
import { useState } from 'react';
import { sentenceOf } from '../api/problem';
import type { Hit } from '../api/search';
import { useSearch } from '../hooks/useSearch';
import { useDeletion } from '../stores/deletion';
import { useSessionStore } from '../stores/sessions';
import { showView } from '../stores/shell';
import { openAt } from '../stores/target';
import { dayOf } from '../text/day';
import { markWords } from '../text/marks';
import { Notice } from './Notice';
import { stepThrough } from './steps';

/** What the search has found, session by session. */
export default function SearchResults({ text, onChosen }: { text: string; onChosen: () => void }) {
  const [attempt, setAttempt] = useState(0);
  const { found, problem } = useSearch(text, attempt);
  const hidden = useDeletion((state) => state.hidden);
  const hits = found?.hits.filter(({ sessionId }) => !hidden.has(sessionId)) ?? [];

  return (
    <nav aria-label={t`Search results`} onKeyDown={stepThrough} className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2.5 pb-4">
      <p role="status" className="px-3 py-2 text-xs text-soft">
        {found === null ? '' : found.hits.length === 0 ? t`Nothing found.` : plural(hits.length, { one: '# hit', other: '# hits' })}
      </p>
      {problem !== null && <Notice sentence={sentenceOf(problem)} onRetry={() => setAttempt(attempt + 1)} />}
      <ul className="grid grid-cols-1 gap-0.5">
        {hits.map((hit) => (
          <li key={`${hit.sessionId} ${hit.messageId}`}>
            <HitRow hit={hit} text={found?.text ?? ''} onChosen={onChosen} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function HitRow({ hit, text, onChosen }: { hit: Hit; text: string; onChosen: () => void }) {
  const open = (): void => {
    showView('chat');
    if (hit.messageId === null) useSessionStore.getState().setCurrentSession(hit.sessionId);
    else openAt(hit.sessionId, hit.messageId);
    onChosen();
  };
  return (
    <button type="button" data-line onClick={open} className="block w-full rounded-lg px-3 py-2 text-left hover:bg-hover">
      <span className="flex items-baseline gap-2">
        <span dir="auto" className="min-w-0 flex-1 truncate text-sm font-medium">
          {hit.messageId === null ? <Marked text={hit.title} query={text} /> : hit.title || t`Untitled`}
        </span>
        <span className="shrink-0 text-xs text-soft">{dayOf(new Date(hit.updateTime), new Date())}</span>
      </span>
      {hit.messageId !== null && (
        <span dir="auto" className="mt-0.5 line-clamp-2 text-xs text-soft wrap-anywhere">
          <Marked text={hit.snippet} query={text} />
        </span>
      )}
    </button>
  );
}

function Marked({ text, query }: { text: string; query: string }) {
  return markWords(text, query).map((piece, n) =>
    piece.marked ? (
      <mark key={n} className="rounded-xs bg-glow text-ink">
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  );
}
