import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useStore } from 'zustand';
import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { urlOfSession } from '../base';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { PageLink } from '../controls/PageLink';
import { Panel } from '../controls/Panel';
import { stepThrough } from '../controls/steps';
import { useKeptFocus } from '../hooks/useKeptFocus';
import { PickedBar } from '../sessions/PickBar';
import { PickRow } from '../sessions/PickRow';
import { SessionMenu } from '../sessions/SessionMenu';
import { titleOf } from '../sessions/titleOf';
import { createArchive, leaveArchive, readArchive } from '../stores/archive';
import { changeAll } from '../stores/changing';
import { useDeletion, withoutDeleted } from '../stores/deletion';
import { stopPicking, useSelection } from '../stores/selection';
import { useSessionStore } from '../stores/sessions';
import { showView } from '../stores/shell';

/** The archived sessions. The search still finds them. */
export default function ArchiveView() {
  const [archive] = useState(createArchive);
  const { phase, problem, sessions, more } = useStore(archive);
  const hidden = useDeletion((state) => state.hidden);
  const shown = withoutDeleted(sessions, hidden);
  const read = (): void => void readArchive(archive);
  useEffect(() => void readArchive(archive), [archive]);
  const box = useRef<HTMLDivElement>(null);
  useKeptFocus(box);
  const picking = useSelection((state) => state.picked !== null && state.where === 'archive');
  useEffect(() => () => void (useSelection.getState().where === 'archive' && stopPicking()), []);

  function unarchive(picked: Session[]): void {
    const ids = picked.map(({ id }) => id);
    changeAll(picked, { archived: false }).then(
      () => {
        leaveArchive(archive, ids);
        toast(plural(ids.length, { one: '# chat was unarchived.', other: '# chats were unarchived.' }));
      },
      (error: unknown) => {
        archive.setState({ sessions: [], more: null }); // it is unknown which of them are left
        void readArchive(archive);
        toast.error(sentenceOf(error));
      },
    );
  }

  return (
    <Panel title={t`Archive`}>
      {phase === 'ready' && shown.length === 0 && more === null && <p className="text-sm text-soft">{t`No archived chats.`}</p>}
      <div ref={box}>
        <ul className="grid grid-cols-1 gap-1" aria-label={t`Archived chats`} onKeyDown={stepThrough}>
          {shown.map((session) => (
            <li key={session.id} data-key={session.id} className="group relative rounded-lg border border-line hover:bg-hover">
              {picking ? (
                <div className="h-12"><PickRow session={session} order={() => shown.map(({ id }) => id)} /></div>
              ) : (
                <ArchivedRow session={session} onUnarchived={() => leaveArchive(archive, [session.id])} />
              )}
            </li>
          ))}
        </ul>
        {phase === 'failed' && <Notice sentence={sentenceOf(problem)} onRetry={read} />}
        {phase !== 'failed' && more !== null && (
          <Button look="quiet" className="mt-3 w-full" data-key="more" data-line disabled={phase === 'loading'} onClick={read}>
            {t`Older chats`}
          </Button>
        )}
      </div>
      {picking && (
        <div className="sticky bottom-0 mt-3 bg-page">
          <PickedBar sessions={shown} rows="main" action={t`Unarchive`} onAct={unarchive} />
        </div>
      )}
    </Panel>
  );
}

function ArchivedRow({ session, onUnarchived }: { session: Session; onUnarchived: () => void }) {
  const day = new Date(session.updateTime).toLocaleDateString(i18n.locale, { dateStyle: 'medium' });
  return (
    <>
      <PageLink
        data-line
        href={urlOfSession(session.id)}
        onOpen={() => {
          showView('chat');
          useSessionStore.getState().setCurrentSession(session.id);
        }}
        className="flex w-full items-baseline gap-3 rounded-lg py-3 pr-12 pl-4 text-left"
      >
        <span dir="auto" className="min-w-0 flex-1 truncate text-sm">{titleOf(session)}</span>
        <time dateTime={session.updateTime} className="shrink-0 text-xs text-soft">
          {day}
        </time>
      </PageLink>
      <SessionMenu session={session} onUnarchived={onUnarchived} />
    </>
  );
}
