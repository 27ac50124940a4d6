import { t } from '@lingui/core/macro';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { sentenceOf } from '../api/problem';
import { later } from '../controls/later';
import { Notice } from '../controls/Notice';
import { stepThrough } from '../controls/steps';
import { useKeptFocus } from '../hooks/useKeptFocus';
import { useMediaQuery } from '../hooks/useMediaQuery';
import { withTexts } from '../i18n/language';
import { useSelection } from '../stores/selection';
import { readMoreSessions, refreshSessions, useSessionPages } from '../stores/sessionPages';
import { useSessionStore } from '../stores/sessions';
import { byHeading, rowsOf } from '../text/rows';
import { SessionRow } from './SessionRow';
import { textScale } from './textScale';
import { useListedSessions } from './useListedSessions';
import { useRovingFocus } from './useRovingFocus';

/** Rarely shown; its code is among what is cached for a page without a network. */
const UnsentChats = later<{ onChosen: () => void }>(async () => (await withTexts(import('./UnsentChats'))).UnsentChats, () => null);

/** In pixels at the usual font size. */
const headingHeight = 38;
const rowHeight = 38;
const touchHeight = 46;
/** The next page is requested this many lines before the end. */
const nearEnd = 15;

/** The sessions, newest first; only those near the screen are in the document. */
export function SessionList({ onChosen }: { onChosen: () => void }) {
  const sessions = useListedSessions();
  const currentId = useSessionStore((state) => state.currentSessionId);
  const { phase, problem, more } = useSessionPages();
  useSelection((state) => state.picked === null); // these are other lines, in which the focus must be kept
  const touch = useMediaQuery('(pointer: coarse)');
  const [scale] = useState(textScale);
  const box = useRef<HTMLElement>(null);
  useKeptFocus(box);
  useRovingFocus(box);
  const rows = useMemo(() => rowsOf(sessions, new Date()), [sessions]);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: (n) => Math.round((rows[n]?.session === null ? headingHeight : touch ? touchHeight : rowHeight) * scale),
    getItemKey: (n) => rows[n]?.key ?? n,
    overscan: 12,
  });
  useEffect(() => list.measure(), [list, rows, touch]);

  const shown = list.getVirtualItems().flatMap((item) => {
    const row = rows[item.index];
    return row === undefined ? [] : [{ ...row, top: item.start, height: item.size, index: item.index }];
  });
  const end = (shown.at(-1)?.index ?? 0) + nearEnd >= rows.length;
  useEffect(() => {
    if (end && more !== null && phase === 'ready') void readMoreSessions();
  }, [end, more, phase]);

  return (
    <nav
      ref={box}
      aria-label={t`Chats`}
      onKeyDown={stepThrough}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2.5 pb-4"
    >
      {phase === 'failed' && <Notice sentence={sentenceOf(problem)} onRetry={() => void refreshSessions()} />}
      {phase === 'ready' && rows.length === 0 && (
        <p className="px-3 py-6 text-sm text-soft">{t`Your chats will appear here.`}</p>
      )}
      <UnsentChats onChosen={onChosen} />
      <div className="relative" style={{ height: list.getTotalSize() }}>
        {byHeading(shown).map(([heading, ofGroup]) => (
          <section key={heading} aria-label={heading}>
            {ofGroup[0]?.session === null && (
              <h2 className="absolute px-3 pt-4 text-xs font-medium text-soft" style={{ top: ofGroup[0].top }}>
                {heading}
              </h2>
            )}
            <ul>
              {ofGroup.map(
                ({ session, top, height }) =>
                  session !== null && (
                    <li key={session.id} data-key={session.id} className="absolute inset-x-0 pb-0.5" style={{ top, height }}>
                      <SessionRow session={session} current={session.id === currentId} onChosen={onChosen} />
                    </li>
                  ),
              )}
            </ul>
          </section>
        ))}
      </div>
    </nav>
  );
}
