import { t } from '@lingui/core/macro';
import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import { MenuButton } from '../controls/MenuButton';

/** The menu of a line. */
export function LineMenu({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="relative" data-line>
      <MenuButton
        label={t`More for ${name}`}
        align="end"
        face={<Ellipsis className="size-5" aria-hidden="true" />}
        className="grid size-9 place-content-center rounded-lg text-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover pointer-coarse:size-11"
      >
        {children}
      </MenuButton>
    </div>
  );
}
