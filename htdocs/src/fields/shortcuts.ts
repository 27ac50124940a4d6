import { t } from '@lingui/core/macro';

export type Action = 'new' | 'search' | 'write' | 'stop' | 'previous' | 'next' | 'sidebar' | 'undo' | 'help';

interface Shortcut {
  action: Action;
  key: string;
  /** Ctrl, or Command on a Mac. */
  command?: true;
  shift?: true;
  alt?: true;
}

/**
 * `key` in the keyboard's layout; "/" works with or without Shift, because layouts differ. No shortcut is a single character, so that dictation or an
 * accidental key triggers nothing (WCAG 2.1.4).
 */
export const shortcuts: readonly Shortcut[] = [
  { action: 'new', key: 'o', command: true, shift: true },
  { action: 'search', key: 'k', command: true },
  { action: 'write', key: 'Escape', shift: true },
  { action: 'stop', key: 'Escape' },
  { action: 'previous', key: 'ArrowUp', alt: true },
  { action: 'next', key: 'ArrowDown', alt: true },
  { action: 'sidebar', key: 's', command: true, shift: true },
  { action: 'undo', key: 'z', command: true },
  { action: 'help', key: '/', command: true },
];

export interface Keys {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** Whether the keyboard is one of Apple's. */
export function onMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}

/** On a Mac, Ctrl and a letter edit the text. */
export function actionOf(pressed: Keys, mac: boolean): Action | null {
  if (mac && pressed.ctrlKey) return null;
  const command = pressed.ctrlKey || pressed.metaKey;
  const found = shortcuts.find(
    ({ key, ...keys }) =>
      key.toLowerCase() === pressed.key.toLowerCase() &&
      command === (keys.command ?? false) &&
      pressed.altKey === (keys.alt ?? false) &&
      (key === '/' || pressed.shiftKey === (keys.shift ?? false)),
  );
  return found?.action ?? null;
}

export function purposeOf(action: Action): string {
  switch (action) {
    case 'new': return t`New chat`;
    case 'search': return t`Search chats`;
    case 'write': return t`Write a message`;
    case 'stop': return t`Stop the reply`;
    case 'previous': return t`Previous chat`;
    case 'next': return t`Next chat`;
    case 'sidebar': return t`Show or hide the chat list`;
    case 'undo': return t`Undo deleting or archiving`;
    case 'help': return t`Show these shortcuts`;
  }
}

const symbols: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' };

/** The keys' names, as printed on them. */
export function namesOf({ key, command, shift, alt }: Shortcut, mac: boolean): string[] {
  return [
    ...(command ? [mac ? '⌘' : 'Ctrl'] : []),
    ...(alt ? [mac ? '⌥' : 'Alt'] : []),
    ...(shift ? [mac ? '⇧' : 'Shift'] : []),
    symbols[key] ?? key.toUpperCase(),
  ];
}
