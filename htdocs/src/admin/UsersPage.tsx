import { t } from '@lingui/core/macro';
import { Search, UserPlus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useStore } from 'zustand';
import { isGone } from '../api/problem';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { useKeptFocus } from '../hooks/useKeptFocus';
import { sayError } from '../stores/sayError';
import { changeUser, type SiteUser } from './api';
import { PasswordSheet } from './PasswordSheet';
import { adminSentenceOf, userGone } from './sentences';
import { UserForm } from './UserForm';
import { UserLine } from './UserLine';
import { createUsers, readMoreUsers, searchUsers, showUser } from './users';

/** The search waits this long for further typing. */
const pause = 300;

/** The users of the site: search, add, make an administrator, disable. */
export function UsersPage() {
  const [store] = useState(createUsers);
  const { phase, problem, users, next } = useStore(store);
  const [words, setWords] = useState('');
  const [adding, setAdding] = useState(false);
  const [renewing, setRenewing] = useState<SiteUser | null>(null); // the user who gets a new password
  const box = useRef<HTMLDivElement>(null);
  useKeptFocus(box);
  const read = (): void => void searchUsers(store, words.trim());
  useEffect(() => {
    const timer = setTimeout(() => void searchUsers(store, words.trim()), words === '' ? 0 : pause);
    return () => clearTimeout(timer);
  }, [store, words]);

  async function change(user: SiteUser, wish: Partial<Pick<SiteUser, 'role' | 'disabled'>>): Promise<void> {
    showUser(store, { ...user, ...wish });
    try {
      await changeUser(user, wish);
      showUser(store, { ...user, ...wish });
    } catch (error) {
      showUser(store, user);
      sayError(adminSentenceOf(error, userGone));
      if (isGone(error)) read();
    }
  }

  return (
    <div ref={box} className="grid gap-4">
      <div className="flex flex-wrap gap-2">
        <search className="relative min-w-0 flex-1 basis-56">
          <Search className="pointer-events-none absolute inset-y-0 left-3 my-auto size-4 text-soft" aria-hidden="true" />
          <input
            dir="auto"
            aria-label={t`Search users`}
            placeholder={t`Search users`}
            enterKeyHint="search"
            autoComplete="off"
            maxLength={64}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            className="h-11 w-full rounded-lg border border-line-strong bg-raised pr-3 pl-9 text-base outline-none placeholder:text-soft focus:border-accent focus:ring-2 focus:ring-accent/25 sm:text-sm"
          />
        </search>
        <Button className="!h-11" onClick={() => setAdding(true)}>
          <UserPlus className="size-4" aria-hidden="true" />
          {t`Add user`}
        </Button>
      </div>
      {phase === 'failed' && <Notice sentence={adminSentenceOf(problem)} onRetry={read} />}
      {phase === 'ready' && users.length === 0 && <p className="text-sm text-soft">{t`No users found.`}</p>}
      {users.length > 0 && (
        <ul aria-label={t`Users`} className="divide-y divide-line">
          {users.map((user) => (
            <UserLine key={user.id} user={user} onChange={(wish) => void change(user, wish)} onPassword={() => setRenewing(user)} />
          ))}
        </ul>
      )}
      {next !== null && phase !== 'failed' && (
        <Button data-key="more" data-line look="quiet" className="pointer-coarse:h-11" disabled={phase === 'loading'} onClick={() => void readMoreUsers(store)}>{t`More users`}</Button>
      )}
      {renewing !== null && (
        <PasswordSheet
          user={renewing}
          onClose={() => setRenewing(null)}
          onSet={() => {
            setRenewing(null);
            toast(t`The password was changed.`);
          }}
        />
      )}
      {adding && (
        <UserForm
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            read();
          }}
        />
      )}
    </div>
  );
}
