import { t } from '@lingui/core/macro';
import { lazy, Suspense, useState } from 'react';
import { sayError } from '../stores/sayError';
import { Boundary } from './Boundary';
import type { MenuProps } from './Menu';

const loadMenu = () => import('./Menu');
const Menu = lazy(loadMenu);

/**
 * A button with a menu. The menu's code is loaded when the pointer or focus comes near, so a row of a long list costs no more than a button. If the
 * code cannot be loaded it stays a button, and each click reports the error.
 */
export function MenuButton(props: MenuProps) {
  const [used, setUsed] = useState<'no' | 'byKey' | 'byPointer'>('no');
  const [clicks, setClicks] = useState(0);
  const come = (): void => void loadMenu().catch(() => undefined);
  const button = (
    <button
      type="button"
      aria-label={props.label}
      aria-haspopup="menu"
      aria-expanded={false}
      className={props.className}
      onPointerEnter={come}
      onFocus={come}
      onClick={({ detail }) => {
        setUsed(detail === 0 ? 'byKey' : 'byPointer');
        setClicks(clicks + 1);
      }}
    >
      {props.face}
    </button>
  );
  return used !== 'no' ? (
    <Boundary of={clicks} instead={button} onFailed={() => sayError(t`Something here can’t be shown.`)}>
      <Suspense fallback={button}>
        <Menu {...props} byKey={used === 'byKey'} />
      </Suspense>
    </Boundary>
  ) : (
    button
  );
}
