import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Ellipsis, KeyRound, ShieldCheck, ShieldOff, UserRoundCheck, UserRoundX } from 'lucide-react';
import { Badge } from '../controls/Badge';
import { MenuItem } from '../controls/Menu';
import { MenuButton } from '../controls/MenuButton';
import type { SiteUser } from './api';

interface Props {
  user: SiteUser;
  onChange: (wish: Partial<Pick<SiteUser, 'role' | 'disabled'>>) => void;
  onPassword: () => void;
}

export function UserLine({ user, onChange, onPassword }: Props) {
  const { username, role, disabled } = user;
  return (
    <li data-key={user.id} className="flex items-center gap-2 py-2">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <span dir="auto" className="wrap-anywhere">{username}</span>
          {role === 'admin' && <Badge>{t`administrator`}</Badge>}
          {disabled && <Badge>{t`disabled`}</Badge>}
        </p>
        <p className="text-xs text-soft">{timesOf(user)}</p>
      </div>
      <div className="relative" data-line>
        <MenuButton label={t`More for ${username}`} align="end" face={<Ellipsis className="size-5" aria-hidden="true" />}
          className="grid size-9 place-content-center rounded-lg text-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover pointer-coarse:size-11">
          {role === 'admin' ? (
            <MenuItem icon={ShieldOff} onSelect={() => onChange({ role: 'user' })}>{t`Make an ordinary user`}</MenuItem>
          ) : (
            <MenuItem icon={ShieldCheck} onSelect={() => onChange({ role: 'admin' })}>{t`Make an administrator`}</MenuItem>
          )}
          <MenuItem icon={KeyRound} onSelect={onPassword}>{t`Set a new password`}</MenuItem>
          {disabled ? (
            <MenuItem icon={UserRoundCheck} onSelect={() => onChange({ disabled: false })}>{t`Enable`}</MenuItem>
          ) : (
            <MenuItem icon={UserRoundX} danger onSelect={() => onChange({ disabled: true })}>{t`Disable`}</MenuItem>
          )}
        </MenuButton>
      </div>
    </li>
  );
}

function timesOf({ createTime, lastTime }: SiteUser): string {
  const format = new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium' });
  const created = format.format(new Date(createTime));
  if (lastTime === null) return t`Joined ${created} · never logged in`;
  const last = format.format(new Date(lastTime));
  return t`Joined ${created} · last active ${last}`;
}
