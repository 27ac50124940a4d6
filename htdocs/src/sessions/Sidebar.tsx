import { t } from '@lingui/core/macro';
import { PanelLeftClose, SquarePen } from 'lucide-react';
import { lazy, useState } from 'react';
import { AccountMenu } from '../account/AccountMenu';
import type { User } from '../api/token';
import { urlOfSession } from '../base';
import { Missing, Piece } from '../controls/Boundary';
import { IconButton } from '../controls/Button';
import { later } from '../controls/later';
import { Logo } from '../controls/Logo';
import { PageLink } from '../controls/PageLink';
import { withTexts } from '../i18n/language';
import { useSelection } from '../stores/selection';
import { startNewSession } from '../stores/steps';
import { SearchBox } from './SearchBox';
import { SessionList } from './SessionList';

/** Rarely needed, so it is loaded on demand. */
const PickBar = later<object>(async () => (await withTexts(import('./PickBar'))).PickBar, (_, problem) => (problem === null ? null : <Missing />));

const SearchResults = lazy(() => withTexts(import('./SearchResults')));

/** `onChosen`: a session, or "new session", was chosen. `onFold`: the sidebar can be folded. */
export function Sidebar({ user, onChosen, onFold }: { user: User; onChosen: () => void; onFold?: () => void }) {
  const [search, setSearch] = useState('');
  const picking = useSelection((state) => state.picked !== null && state.where === 'list');
  const wanted = search.trim();

  return (
    <div className="flex h-full flex-col pt-[env(safe-area-inset-top)] pb-[env(safe-area-inset-bottom)] pl-[env(safe-area-inset-left)]">
      <div className="flex items-center gap-2 px-4 pt-4 pb-3">
        <Logo className="size-7" />
        <span className="min-w-0 flex-1 truncate font-serif text-lg tracking-tight">Lamplight</span>
        {onFold !== undefined && (
          <IconButton id="fold" label={t`Hide the chat list`} className="-my-1 -mr-1.5" onClick={onFold}>
            <PanelLeftClose className="size-5" aria-hidden="true" />
          </IconButton>
        )}
      </div>
      <div className="grid gap-1 px-2.5 pb-2">
        <PageLink
          href={urlOfSession(null)}
          onOpen={() => {
            startNewSession();
            onChosen();
          }}
          className="flex h-10 w-full items-center gap-2.5 rounded-lg border border-line bg-raised px-3 text-sm font-medium transition-colors hover:bg-hover pointer-coarse:h-11"
        >
          <SquarePen className="size-4 text-accent" aria-hidden="true" />
          {t`New chat`}
        </PageLink>
        <SearchBox text={search} onChange={setSearch} />
      </div>
      {wanted === '' ? (
        <SessionList onChosen={onChosen} />
      ) : (
        <Piece waiting={<div className="flex-1" />}>
          <SearchResults text={wanted} onChosen={onChosen} />
        </Piece>
      )}
      {picking ? <PickBar /> : <AccountMenu user={user} onChosen={onChosen} />}
    </div>
  );
}
