import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, useRef, type ReactNode } from 'react';

export interface MenuProps {
  /** The button's name, if its face has no words. */
  label?: string;
  /** What the button shows. */
  face: ReactNode;
  className: string;
  side?: 'top' | 'bottom';
  align: 'start' | 'end';
  /** It was opened with a key, so its first item takes the focus. */
  byKey?: boolean;
  /** The menu's items; lazy ones are loaded together with the menu. */
  children: ReactNode;
}

const item =
  'flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm outline-none data-disabled:cursor-default data-disabled:opacity-45 data-highlighted:bg-hover pointer-coarse:h-11';

/**
 * A button and its menu, which is open as soon as it is mounted. Not modal: a modal menu locks scrolling with a <style> element, which the CSP
 * refuses. No portal, so that it works inside the drawer's <dialog>, too.
 */
export default function Menu({ label, face, className, children, byKey = false, ...place }: MenuProps) {
  const content = useRef<HTMLDivElement>(null);
  // From then on the library detects how the menu was opened.
  useEffect(() => {
    if (byKey) content.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [byKey]);
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger aria-label={label} className={className}>
        {face}
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        ref={content}
        sideOffset={4}
        collisionPadding={8}
        {...place}
        className="z-20 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-xl border border-line bg-raised p-1 text-ink shadow-lift"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

export function MenuItem({
  icon: Icon,
  danger = false,
  disabled = false,
  children,
  onSelect,
}: {
  icon: LucideIcon;
  danger?: boolean;
  disabled?: boolean;
  children: ReactNode;
  onSelect: () => void;
}) {
  return (
    <DropdownMenu.Item className={`${item} ${danger ? 'text-danger' : ''}`} disabled={disabled} onSelect={onSelect}>
      <Icon className={`size-4 ${danger ? '' : 'text-soft'}`} aria-hidden="true" />
      {children}
    </DropdownMenu.Item>
  );
}

/** A choice from a list; the chosen item has a tick. */
export function MenuChoice<T extends string>({
  label,
  value,
  choices,
  onChoose,
}: {
  label: string;
  value: T;
  choices: readonly (readonly [value: T, name: string, lang?: string])[];
  onChoose: (value: T) => void;
}) {
  return (
    <DropdownMenu.RadioGroup value={value} aria-label={label}>
      <DropdownMenu.Label className="px-2.5 pt-2 pb-1 text-xs text-soft">{label}</DropdownMenu.Label>
      {choices.map(([choice, name, lang]) => (
        <DropdownMenu.RadioItem key={choice} value={choice} lang={lang} className={item} onSelect={() => onChoose(choice)}>
          <span className="grid size-4 place-content-center">
            <DropdownMenu.ItemIndicator>
              <Check className="size-4 text-accent" aria-hidden="true" />
            </DropdownMenu.ItemIndicator>
          </span>
          {name}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

/** Text between the items. */
export function MenuNote({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2.5 pt-2 pb-1 text-xs text-soft">{children}</DropdownMenu.Label>;
}

export function MenuLine() {
  return <DropdownMenu.Separator className="mx-2 my-1 h-px bg-line" />;
}
