import { t } from '@lingui/core/macro';
import { logOutEverywhere } from '../stores/auth';
import { CodedButton } from './CodedButton';

export function LogOutEverywhere() {
  return (
    <>
      <p className="text-sm text-soft">{t`Logs you out on all devices, including this one.`}</p>
      <CodedButton action={t`Log out everywhere`} work={logOutEverywhere} />
    </>
  );
}
