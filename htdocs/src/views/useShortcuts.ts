import { useEffect } from 'react';
import { sentenceOf } from '../api/problem';
import { isComposing } from '../fields/composing';
import { actionOf, onMac, type Action } from '../fields/shortcuts';
import { useConversation } from '../stores/conversation';
import { stopReply } from '../stores/delivery';
import { fold, useFolded } from '../stores/folded';
import { sayError } from '../stores/sayError';
import { showView, useShell } from '../stores/shell';
import { startNewSession, stepToSession } from '../stores/steps';
import { canUndo, undoLast } from '../stores/undo';

/** The keyboard shortcuts for a logged-in user. `wide`: the sessions are beside the conversation. */
export function useShortcuts(wide: boolean): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isComposing(event) || somethingIsOpen()) return;
      const action = actionOf(event, onMac());
      if (action === null) return;
      if (action === 'undo' && (isTyping(event.target) || !canUndo())) return;
      if ((action === 'previous' || action === 'next') && onMac() && isWriting(event.target)) return;
      if (action === 'stop' && !canStop(event.target)) return;
      event.preventDefault();
      run(action, wide);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [wide]);
}

/** An open dialog or menu has the keyboard for itself. */
function somethingIsOpen(): boolean {
  return document.querySelector('dialog[open], [role=menu]') !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('textarea, input:not([type=checkbox]), [contenteditable=true]');
}

/** On a Mac, Option and an arrow move by paragraph in existing text. */
function isWriting(target: EventTarget | null): boolean {
  return isTyping(target) && (target as HTMLElement & { value?: string }).value !== '';
}

/** Escape in another field belongs to that field. */
function canStop(target: EventTarget | null): boolean {
  const elsewhere = isTyping(target) && target !== composer();
  return useConversation.getState().conversation.busy && !elsewhere;
}

function composer(): HTMLElement | null {
  return document.getElementById('composer');
}

function run(action: Action, wide: boolean): void {
  switch (action) {
    case 'new':
      startNewSession();
      composer()?.focus();
      break;
    case 'search':
      if (wide) fold(false);
      useShell.setState({ searchWanted: true, drawerOpen: !wide });
      break;
    case 'write':
      showView('chat');
      composer()?.focus();
      break;
    case 'stop':
      void stopReply(useConversation.getState().conversation).catch((error: unknown) => sayError(sentenceOf(error)));
      break;
    case 'previous':
      stepToSession(-1);
      break;
    case 'next':
      stepToSession(1);
      break;
    case 'sidebar':
      if (wide) fold(!useFolded.getState().folded);
      else useShell.setState(({ drawerOpen }) => ({ drawerOpen: !drawerOpen }));
      break;
    case 'undo':
      undoLast();
      break;
    case 'help':
      useShell.setState({ shortcutsOpen: true });
  }
}
