import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';

const item =
  'flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm outline-none data-highlighted:bg-hover pointer-coarse:h-11';

/**
 * Menus are not modal (<DropdownMenu.Root modal={false}>): a modal one locks scrolling with a <style> element, which the
 * CSP refuses. They have no portal, so that they work inside of the drawer's <dialog>, too.
 */
export function MenuContent(props: ComponentProps<typeof DropdownMenu.Content>) {
  return (
    <DropdownMenu.Content
      sideOffset={4}
      collisionPadding={8}
      {...props}
      className="z-20 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-lift"
    />
  );
}

export function MenuItem({
  icon: Icon,
  danger = false,
  children,
  onSelect,
}: {
  icon: LucideIcon;
  danger?: boolean;
  children: ReactNode;
  onSelect: () => void;
}) {
  return (
    <DropdownMenu.Item className={`${item} ${danger ? 'text-danger' : ''}`} onSelect={onSelect}>
      <Icon className={`size-4 ${danger ? '' : 'text-soft'}`} aria-hidden="true" />
      {children}
    </DropdownMenu.Item>
  );
}

/** One of several; the chosen one has a tick. */
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

export function MenuLine() {
  return <DropdownMenu.Separator className="mx-2 my-1 h-px bg-line" />;
}
