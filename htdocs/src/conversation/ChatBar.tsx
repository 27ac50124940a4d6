import { t } from '@lingui/core/macro';
import { Ellipsis, Menu, PanelLeftOpen, SquarePen } from 'lucide-react';
import { lazy, useEffect, useRef, useState } from 'react';
import type { Session } from '../api/sessions';
import { urlOfSession } from '../base';
import { IconButton } from '../controls/Button';
import { MenuButton } from '../controls/MenuButton';
import { IconLink } from '../controls/PageLink';
import { withTexts } from '../i18n/language';
import { AssistantSign } from '../models/AssistantSign';
import { InstructionsSign } from '../models/InstructionsSign';
import { RenameForm } from '../sessions/RenameForm';
import { renameSession } from '../sessions/renameSession';
import { titleOf } from '../sessions/titleOf';
import { fold, useFolded } from '../stores/folded';
import { useShell } from '../stores/shell';
import { startNewSession } from '../stores/steps';
import { langOf } from '../text/langOf';
import { AllowedSign } from '../tools/AllowedSign';

const SessionActions = lazy(() => withTexts(import('../sessions/SessionActions')));

/**
 * The bar above the conversation: its title and menu, and the ways to the list of chats if that is not on screen. `session` is undefined for a new
 * chat; `title` is null if the view has a heading of its own.
 */
export function ChatBar({ wide, session, title }: { wide: boolean; session: Session | undefined; title: string | null }) {
  const folded = useFolded((state) => state.folded);
  const heading = title !== null && <Heading title={title} />;
  if (wide && !folded && (session === undefined || title === null)) return <header className="sr-only">{heading}</header>;
  return (
    <header className="flex min-h-12 shrink-0 items-center gap-1 border-b border-line px-2 pt-[env(safe-area-inset-top)] md:px-3">
      {(!wide || folded) && <ToList wide={wide} />}
      {title === null ? <span className="flex-1" /> : session === undefined ? heading : <Title key={session.id} session={session} />}
      {(!wide || folded) && (
        <IconLink label={t`New chat`} size="size-9 pointer-coarse:size-11" href={urlOfSession(null)} onOpen={startNewSession}>
          <SquarePen className="size-5" aria-hidden="true" />
        </IconLink>
      )}
    </header>
  );
}

function Heading({ title }: { title: string }) {
  return <h1 dir="auto" className="min-w-0 flex-1 truncate px-2 text-sm font-medium">{title}</h1>;
}

function ToList({ wide }: { wide: boolean }) {
  return wide ? (
    <IconButton id="unfold" label={t`Show the chat list`} size="size-9 pointer-coarse:size-11" onClick={() => fold(false)}>
      <PanelLeftOpen className="size-5" aria-hidden="true" />
    </IconButton>
  ) : (
    <IconButton label={t`Open the chat list`} size="size-11" onClick={() => useShell.setState({ drawerOpen: true })}>
      <Menu className="size-5" aria-hidden="true" />
    </IconButton>
  );
}

/** The title, which becomes a field for renaming, and the chat's menu. */
function Title({ session }: { session: Session }) {
  const [renaming, setRenaming] = useState<string | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  const named = useRef(false);
  useEffect(() => {
    // After Enter or Escape nothing has the focus.
    if (renaming === null && named.current && document.activeElement === document.body) bar.current?.querySelector<HTMLElement>('[aria-haspopup=menu]')?.focus();
  }, [renaming]);

  return (
    <div ref={bar} className="flex min-w-0 flex-1 items-center gap-1">
      {renaming !== null ? (
        <div className="min-w-0 max-w-xl flex-1">
          <RenameForm
            title={session.title}
            typed={renaming}
            onDone={(title) => {
              named.current = true;
              setRenaming(null);
              void renameSession(session, title).then((taken) => taken || setRenaming(title));
            }}
          />
        </div>
      ) : (
        <h1 dir="auto" lang={langOf(session.title)} title={titleOf(session)} className="min-w-0 truncate px-2 text-sm font-medium">{titleOf(session)}</h1>
      )}
      <div className="relative shrink-0">
        <MenuButton
          label={t`More for this chat`}
          align="start"
          face={<Ellipsis className="size-5" aria-hidden="true" />}
          className="grid size-9 place-content-center rounded-lg text-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover pointer-coarse:size-11"
        >
          <SessionActions session={session} inBar {...(session.archived ? {} : { onRename: () => setRenaming(session.title) })} />
        </MenuButton>
      </div>
      <AssistantSign sessionId={session.id} />
      <InstructionsSign sessionId={session.id} />
      <AllowedSign sessionId={session.id} />
      <span className="flex-1" />
    </div>
  );
}
