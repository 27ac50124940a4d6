import { SquarePen } from 'lucide-react';
import type { User } from '../api/token';
import { newSession } from '../stores/conversation';
import { AccountBar } from './AccountBar';
import { Logo } from './Logo';
import { SessionList } from './SessionList';

/** `onChosen`: a session, or "new session", was picked. */
export function Sidebar({ user, onChosen }: { user: User; onChosen: () => void }) {
  return (
    <div className="flex h-full flex-col pt-[env(safe-area-inset-top)] pb-[env(safe-area-inset-bottom)]">
      <div className="flex items-center gap-2 px-4 pt-4 pb-3">
        <Logo className="size-7" />
        <span className="font-serif text-lg tracking-tight">Lamplight</span>
      </div>
      <div className="px-2.5 pb-2">
        <button
          type="button"
          onClick={() => {
            newSession();
            onChosen();
          }}
          className="flex h-10 w-full items-center gap-2.5 rounded-lg border border-line bg-raised px-3 text-sm font-medium transition-colors hover:bg-hover"
        >
          <SquarePen className="size-4 text-accent" aria-hidden="true" />
          New session
        </button>
      </div>
      <SessionList onChosen={onChosen} />
      <AccountBar user={user} />
    </div>
  );
}
