import { LogOut } from 'lucide-react';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { User } from '../api/token';
import { logOut } from '../stores/auth';
import { IconButton } from './Button';
import { ThemeSwitch } from './ThemeSwitch';

export function AccountBar({ user }: { user: User }) {
  return (
    <footer className="flex items-center gap-1 border-t border-line px-3 py-2.5">
      <span
        className="grid size-8 shrink-0 place-content-center rounded-full bg-glow text-sm font-semibold text-accent uppercase"
        aria-hidden="true"
      >
        {user.username.charAt(0)}
      </span>
      <span className="min-w-0 flex-1 truncate px-1.5 text-sm">{user.username}</span>
      <ThemeSwitch />
      <IconButton label="Log out" onClick={() => void logOut().catch((error: unknown) => toast.error(sentenceOf(error)))}>
        <LogOut className="size-4" aria-hidden="true" />
      </IconButton>
    </footer>
  );
}
