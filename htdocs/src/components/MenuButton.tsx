import { lazy, Suspense, useState, type ReactNode } from 'react';

export interface MenuProps {
  /** The button's name, when its face has no words. */
  label?: string;
  /** What the button shows. */
  face: ReactNode;
  className: string;
  side?: 'top' | 'bottom';
  align: 'start' | 'end';
  /** It was opened by a key, so its first item takes the focus. */
  byKey?: boolean;
  /** The menu's items; lazy ones are fetched together with the menu. */
  children: ReactNode;
}

const loadMenu = () => import('./Menu');
const Menu = lazy(loadMenu);

/** A button with a menu. The menu's code is fetched when somebody comes near, and a row of a long list costs no more than a button. */
export function MenuButton(props: MenuProps) {
  const [used, setUsed] = useState<'no' | 'byKey' | 'byPointer'>('no');
  const come = (): void => void loadMenu();
  const button = (
    <button
      type="button"
      aria-label={props.label}
      aria-haspopup="menu"
      aria-expanded={false}
      className={props.className}
      onPointerEnter={come}
      onFocus={come}
      onClick={({ detail }) => setUsed(detail === 0 ? 'byKey' : 'byPointer')}
    >
      {props.face}
    </button>
  );
  return used !== 'no' ? (
    <Suspense fallback={button}>
      <Menu {...props} byKey={used === 'byKey'} />
    </Suspense>
  ) : (
    button
  );
}
