import { t } from '@lingui/core/macro';
import { useState, type ReactNode } from 'react';
import { AccountHead } from '../account/AccountHead';
import { DeleteAccount } from '../account/DeleteAccount';
import { Devices } from '../account/Devices';
import { ExportAll } from '../account/ExportAll';
import { LimitList } from '../account/LimitList';
import { LogOutEverywhere } from '../account/LogOutEverywhere';
import { OwnInstructions } from '../account/OwnInstructions';
import { PasswordForm } from '../account/PasswordForm';
import { PrivacyText } from '../account/PrivacyText';
import { SecondFactor } from '../account/SecondFactor';
import { Usage } from '../account/Usage';
import type { User } from '../api/token';
import { Panel } from '../controls/Panel';
import { useSite } from '../hooks/useSite';

export default function AccountView({ user }: { user: User }) {
  // Each change of the password ends the other logins, so they are read again.
  const [passwords, setPasswords] = useState(0);
  const site = useSite();
  return (
    <Panel title={t`Account`}>
      <AccountHead user={user} />
      <div className="grid grid-cols-1 gap-10">
        <Section title={t`Instructions for all chats`}>
          <OwnInstructions />
        </Section>
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
        <Section title={t`Your data`}>
          <ExportAll />
        </Section>
        {site?.privacy === true && (
          <Section title={t`Privacy`}>
            <PrivacyText />
          </Section>
        )}
        <Section title={t`Delete account`}>
          <DeleteAccount user={user} />
        </Section>
      </div>
    </Panel>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid grid-cols-1 gap-3">
      <h2 className="border-b border-line pb-2 text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}
