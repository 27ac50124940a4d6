import { plural, t } from '@lingui/core/macro';
import { useState } from 'react';
import { sentenceOf } from '../api/problem';
import type { Hit } from '../api/search';
import { urlOfMessage, urlOfSession } from '../base';
import { Notice } from '../controls/Notice';
import { PageLink } from '../controls/PageLink';
import { stepThrough } from '../controls/steps';
import { excerptOf } from '../found/excerpt';
import { markWords } from '../found/marks';
import { useDeletion } from '../stores/deletion';
import { useSessionStore } from '../stores/sessions';
import { showView } from '../stores/shell';
import { openAt } from '../stores/target';
import { dayOf } from '../text/day';
import { useSearch } from './useSearch';

/** The search results, grouped by chat. */
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
      <ul className="grid grid-cols-1 gap-2">
        {byChat(hits).map((ofChat) => (
          <ChatHits key={ofChat[0]?.sessionId} hits={ofChat} text={found?.text ?? ''} onChosen={onChosen} />
        ))}
      </ul>
    </nav>
  );
}

/** The hits of one chat are adjacent. */
function byChat(hits: Hit[]): Hit[][] {
  const groups: Hit[][] = [];
  for (const hit of hits) {
    const last = groups.at(-1);
    if (last?.[0]?.sessionId === hit.sessionId) last.push(hit);
    else groups.push([hit]);
  }
  return groups;
}

/** A chat, and below it the messages that were found in it. */
function ChatHits({ hits, text, onChosen }: { hits: Hit[]; text: string; onChosen: () => void }) {
  const [first] = hits;
  if (first === undefined) return null;
  const messages = hits.filter(({ messageId }) => messageId !== null);
  return (
    <li>
      <PageLink
        href={urlOfSession(first.sessionId)}
        data-line
        onOpen={() => {
          showView('chat');
          useSessionStore.getState().setCurrentSession(first.sessionId);
          onChosen();
        }}
        className="flex w-full items-baseline gap-2 rounded-lg px-3 py-2 text-left hover:bg-hover pointer-coarse:py-3"
      >
        <span dir="auto" className="min-w-0 flex-1 truncate text-sm font-medium">
          {first.title === '' ? t`Untitled` : <Marked text={first.title} query={text} />}
        </span>
        <span className="shrink-0 text-xs text-soft">{dayOf(new Date(first.updateTime), new Date())}</span>
      </PageLink>
      {messages.length > 0 && (
        <ul className="ml-3 grid grid-cols-1 border-l border-line pl-1">
          {messages.map((hit) => (
            <li key={hit.messageId}>
              <HitRow hit={hit} text={text} onChosen={onChosen} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function HitRow({ hit, text, onChosen }: { hit: Hit; text: string; onChosen: () => void }) {
  const open = (): void => {
    showView('chat');
    if (hit.messageId !== null) openAt(hit.sessionId, hit.messageId, text);
    onChosen();
  };
  return (
    <PageLink href={hit.messageId === null ? urlOfSession(hit.sessionId) : urlOfMessage(hit.sessionId, hit.messageId)} data-line onOpen={open} className="block w-full rounded-lg px-2 py-1.5 text-left hover:bg-hover pointer-coarse:py-3.5">
      <span dir="auto" className="line-clamp-2 text-xs text-soft wrap-anywhere">
        <Marked text={excerptOf(hit.snippet, text)} query={text} />
      </span>
    </PageLink>
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
