import { t } from '@lingui/core/macro';
import { CircleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Session } from '../api/sessions';
import { urlOfSession } from '../base';
import { PageLink } from '../controls/PageLink';
import { useAuth } from '../stores/auth';
import { useDeletion, withoutDeleted } from '../stores/deletion';
import { useOutbox } from '../stores/outbox';
import { useSelection } from '../stores/selection';
import { useSessionStore } from '../stores/sessions';
import { showView } from '../stores/shell';
import { isUnread, useSeen } from '../stores/unread';
import { langOf } from '../text/langOf';
import { sessionsInView } from '../text/rows';
import { PickRow } from './PickRow';
import { RenameForm } from './RenameForm';
import { renameSession } from './renameSession';
import { SessionMenu } from './SessionMenu';
import { titleOf } from './titleOf';

export function SessionRow({
  session,
  current,
  onChosen,
}: {
  session: Session;
  current: boolean;
  onChosen: () => void;
}) {
  const [renaming, setRenaming] = useState<string | null>(null);
  const picking = useSelection((state) => state.picked !== null && state.where === 'list');

  async function saveTitle(title: string): Promise<void> {
    setRenaming(null);
    if (!(await renameSession(session, title))) setRenaming(title);
  }
  const rename = (): void => setRenaming(session.title);

  if (renaming !== null) return <RenameForm title={session.title} typed={renaming} onDone={(title) => void saveTitle(title)} />;
  if (picking) return <PickRow session={session} order={order} />;
  return (
    <div className={`group relative h-full rounded-lg ${current ? 'bg-chosen' : 'hover:bg-hover'}`}>
      <PageLink
        href={urlOfSession(session.id)}
        data-line
        title={titleOf(session)}
        aria-current={current ? 'page' : undefined}
        onOpen={() => {
          showView('chat');
          useSessionStore.getState().setCurrentSession(session.id);
          onChosen();
        }}
        onDoubleClick={rename}
        className="flex h-full w-full items-center gap-2 rounded-lg px-3 text-left text-sm group-focus-within:pr-10 group-hover:pr-10 group-has-data-[state=open]:pr-10 pointer-coarse:pr-12"
      >
        <RowLabel session={session} current={current} />
      </PageLink>
      <SessionMenu session={session} onRename={rename} />
    </div>
  );
}

function RowLabel({ session, current }: { session: Session; current: boolean }) {
  const userId = useAuth((state) => state.user?.id ?? '');
  const unread = useSeen((state) => isUnread(state.seen[userId], session)) && !current;
  const unsent = useOutbox((state) => state.entries.some(({ sessionId, reason, state }) => sessionId === session.id && (reason !== null || state === 'held')));
  return (
    <>
      <span dir="auto" lang={langOf(session.title)} className={`truncate ${unread ? 'font-semibold' : current ? 'font-medium' : ''}`}>{titleOf(session)}</span>
      {session.status === 'streaming' && (
        <span className="size-2 shrink-0 animate-pulse-soft rounded-full bg-accent" role="img" aria-label={t`replying`} />
      )}
      {session.asking && (
        <span className="grid size-4 shrink-0 place-items-center rounded-full bg-accent-fill text-[0.6875rem] leading-none font-bold text-on-accent" role="img" aria-label={t`waiting for your approval`}>
          <span aria-hidden="true">?</span>
        </span>
      )}
      {unsent && <CircleAlert className="size-4 shrink-0 text-danger" role="img" aria-label={t`not sent`} aria-hidden="false" />}
      {unread && <span className="size-2 shrink-0 rounded-full bg-accent" role="img" aria-label={t`unread`} />}
    </>
  );
}

function order(): string[] {
  return sessionsInView(withoutDeleted(useSessionStore.getState().sessionList, useDeletion.getState().hidden)).map(({ id }) => id);
}
