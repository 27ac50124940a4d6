import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { readMe } from '../api/account';
import type { User } from '../api/token';

/** The user of the account, and since when it exists. */
export function AccountHead({ user }: { user: User }) {
  const [time, setTime] = useState<string | null>(null);
  useEffect(() => void readMe().then(({ createTime }) => setTime(createTime), () => undefined), []);
  const date = time === null ? null : new Date(time).toLocaleDateString(i18n.locale, { dateStyle: 'long' });
  return (
    <div className="-mt-4 mb-8 text-sm text-soft">
      <p className="wrap-anywhere">{user.username}</p>
      <p className="min-h-5">{date !== null && t`Member since ${date}`}</p>
    </div>
  );
}
