import { plural, t } from '@lingui/core/macro';
import { lazy, useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { toast } from 'sonner';
import { confirm, enrol, readFactors, renewRecoveryCodes, turnOff, type Enrolment, type Factors } from '../api/secondFactor';
import { Piece } from '../controls/Boundary';
import { Button } from '../controls/Button';
import { CopyButton } from '../controls/CopyButton';
import { Notice } from '../controls/Notice';
import { TextField } from '../controls/TextField';
import { useKeptFocus } from '../hooks/useKeptFocus';
import { useSubmit, type Submit } from '../hooks/useSubmit';
import { withTexts } from '../i18n/language';
import { CodeField, codeIn } from './CodeField';
import { RecoveryCodes } from './RecoveryCodes';

const QrCode = lazy(() => withTexts(import('./QrCode')));

type Step =
  | { name: 'rest' | 'enrol' | 'turnOff' | 'renew' }
  | { name: 'confirm'; enrolment: Enrolment }
  | { name: 'codes'; codes: string[] };

const rest: Step = { name: 'rest' };

/** Turns the codes of an authenticator app at log-in on and off, and manages recovery codes. `onDone`: it is on, and the codes were shown. */
export function SecondFactor({ onDone }: { onDone?: () => void }) {
  const [factors, setFactors] = useState<Factors | null>(null);
  const [step, setStep] = useState(rest);
  const { problem, run } = useSubmit();
  const read = (): void => void run(async () => setFactors(await readFactors()));
  useEffect(read, []); // eslint-disable-line react-hooks/exhaustive-deps

  const box = useRef<HTMLDivElement>(null);
  useKeptFocus(box);
  const stop = (): void => setStep(rest);
  const showCodes = (codes: string[]): void => {
    setFactors({ totp: true, recoveryCodes: codes.length });
    setStep({ name: 'codes', codes });
  };

  const shown = (): ReactNode => {
    if (problem !== null) return <Notice sentence={problem} onRetry={read} />;
    if (factors === null) return <div className="h-20" />;
    if (step.name === 'codes') return <RecoveryCodes codes={step.codes} onDone={onDone ?? stop} />;
    if (factors.totp && onDone !== undefined) return <p className="text-sm text-soft">{t`Two-factor authentication is on.`} {t`Please log in again.`}</p>;
    if (step.name === 'enrol') return <EnrolForm onEnrolled={(enrolment) => setStep({ name: 'confirm', enrolment })} onStop={stop} />;
    if (step.name === 'confirm') return <ConfirmForm enrolment={step.enrolment} onCodes={showCodes} onStop={stop} />;
    if (step.name === 'renew') {
      return <ProofForm action={t`Get new recovery codes`} onStop={stop} work={async (password, code) => showCodes(await renewRecoveryCodes(password, code))} />;
    }
    if (step.name === 'turnOff') {
      return (
        <ProofForm action={t`Turn off`} onStop={stop} work={async (password, code) => {
          await turnOff(password, code);
          setFactors({ totp: false, recoveryCodes: 0 });
          stop();
          toast.success(t`Two-factor authentication is off.`);
        }} />
      );
    }
    if (!factors.totp) {
      return (
        <>
          <p className="text-sm text-soft">
            {t`With two-factor authentication, logging in takes your password and a code from an app on your phone. A stolen password alone isn’t enough.`}
          </p>
          <Button className="justify-self-start" data-key="enrol" data-line onClick={() => setStep({ name: 'enrol' })}>{t`Turn on`}</Button>
        </>
      );
    }
    const left = plural(factors.recoveryCodes, { one: '# recovery code left.', other: '# recovery codes left.' });
    return (
      <>
        <p className="text-sm text-soft">
          {t`Two-factor authentication is on.`} {left}
        </p>
        <div className="flex flex-wrap gap-2">
          <Button data-key="renew" data-line onClick={() => setStep({ name: 'renew' })}>{t`New recovery codes`}</Button>
          <Button data-key="turnOff" data-line onClick={() => setStep({ name: 'turnOff' })}>{t`Turn off`}</Button>
        </div>
      </>
    );
  };
  return <div ref={box} data-key={step.name} className="contents">{shown()}</div>;
}

function EnrolForm({ onEnrolled, onStop }: { onEnrolled: (enrolment: Enrolment) => void; onStop: () => void }) {
  const form = useSubmit('password');
  return (
    <Form form={form} action={t`Continue`} onStop={onStop}
      onSubmit={(data) => void form.run(async () => onEnrolled(await enrol(String(data.get('password')))))}>
      <PasswordField problem={form.at('password')} />
    </Form>
  );
}

function ConfirmForm({ enrolment, onCodes, onStop }: { enrolment: Enrolment; onCodes: (codes: string[]) => void; onStop: () => void }) {
  const form = useSubmit('code');
  return (
    <Form form={form} action={t`Turn on`} onStop={onStop} onSubmit={(_, code) => void form.run(async () => onCodes(await confirm(code)))}>
      <p className="text-sm text-soft">{t`Scan this code with an authenticator app, or type the key into it. Then enter the code that the app shows.`}</p>
      <Piece waiting={<div className="size-48" />}>
        <QrCode text={enrolment.uri} />
      </Piece>
      <p className="flex flex-wrap items-center gap-x-2 text-sm">
        <span className="text-soft">{t`Key`}</span>
        <code className="font-mono wrap-anywhere">{enrolment.secret.replace(/.{4}(?=.)/g, '$& ')}</code>
        <CopyButton text={enrolment.secret} label={t`Copy key`} />
      </p>
      <a href={enrolment.uri} className="justify-self-start text-sm text-accent underline underline-offset-4">
        {t`Open in an app on this device`}
      </a>
      <TextField label={t`6-digit code`} name="code" inputMode="numeric" autoComplete="one-time-code" pattern="(\s*[0-9]){6}\s*" title={t`6 digits`}
        maxLength={64} required autoFocus problem={form.at('code')} />
    </Form>
  );
}

/** A form for the password and a code. */
function ProofForm({ action, work, onStop }: { action: string; work: (password: string, code: string) => Promise<void>; onStop: () => void }) {
  const form = useSubmit('password', 'code');
  return (
    <Form form={form} action={action} onStop={onStop} onSubmit={(data, code) => void form.run(() => work(String(data.get('password')), code))}>
      <PasswordField problem={form.at('password')} />
      <CodeField problem={form.at('code')} />
    </Form>
  );
}

function PasswordField({ problem }: { problem: string | null }) {
  return (
    <TextField label={t`Your password`} name="password" type="password" autoComplete="current-password" maxLength={1024} required autoFocus problem={problem} />
  );
}

function Form({
  form,
  action,
  onSubmit,
  onStop,
  children,
}: {
  form: Submit;
  action: string;
  onSubmit: (data: FormData, code: string) => void;
  onStop: () => void;
  children: ReactNode;
}) {
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget), codeIn(event.currentTarget));
  }

  return (
    <form onSubmit={submit} className="grid max-w-sm gap-4">
      {children}
      {form.problem !== null && <Notice sentence={form.problem} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="accent" disabled={form.busy}>
          {action}
        </Button>
        <Button onClick={onStop}>{t`Cancel`}</Button>
      </div>
    </form>
  );
}
