import { t } from '@lingui/core/macro';
import { useState, type ReactNode } from 'react';
import type { User } from '../api/token';
import { DeleteAccount } from '../components/account/DeleteAccount';
import { Devices } from '../components/account/Devices';
import { LimitList } from '../components/account/LimitList';
import { LogOutEverywhere } from '../components/account/LogOutEverywhere';
import { PasswordForm } from '../components/account/PasswordForm';
import { SecondFactor } from '../components/account/SecondFactor';
import { Usage } from '../components/account/Usage';
import { Panel } from '../components/Panel';

export default function AccountView({ user }: { user: User }) {
  // Each change of the password ends the other logins: they are read anew.
  const [passwords, setPasswords] = useState(0);
  return (
    <Panel title={t`Account`}>
      <p className="-mt-4 mb-8 text-sm text-soft wrap-anywhere">{user.username}</p>
      <div className="grid gap-10">
        <Section title={t`Usage`}>
          <Usage />
        </Section>
        <Section title={t`Limits`}>
          <LimitList />
        </Section>
        <Section title={t`Password`}>
          <PasswordForm onChanged={() => setPasswords(passwords + 1)} />
        </Section>
        <Section title={t`Two-factor authentication`}>
          <SecondFactor />
        </Section>
        <Section title={t`Devices`}>
          <Devices key={passwords} />
          <LogOutEverywhere />
        </Section>
        <Section title={t`Delete account`}>
          <DeleteAccount user={user} />
        </Section>
      </div>
    </Panel>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-3">
      <h2 className="border-b border-line pb-2 text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}
