import { t } from '@lingui/core/macro';
import { useSubmit } from '../../hooks/useSubmit';
import { logOutEverywhere } from '../../stores/auth';
import { Button } from '../Button';
import { Notice } from '../Notice';

export function LogOutEverywhere() {
  const { busy, problem, run } = useSubmit();
  return (
    <>
      <p className="text-sm text-soft">{t`Logs you out on all devices, including this one.`}</p>
      {problem !== null && <Notice sentence={problem} />}
      <Button className="justify-self-start" disabled={busy} onClick={() => void run(logOutEverywhere)}>{t`Log out everywhere`}</Button>
    </>
  );
}
