import { t } from '@lingui/core/macro';
import type { FileUIPart } from 'ai';
import { useRef, type ClipboardEvent, type KeyboardEvent, type RefObject } from 'react';
import { readConfig } from '../api/config';
import { roomFor } from '../chat/files';
import { textFile, textIn } from '../chat/textFile';
import { insertText } from '../fields/insertText';
import { isLongPaste } from '../fields/long';
import { useAttachments } from '../stores/attachments';

/** The effect of the last paste, or of turning it back into text: it can be undone while the text is unchanged since. */
interface Step {
  file: FileUIPart;
  became: 'file' | 'text';
  before: string;
  after: string;
  undone: boolean;
}

interface LongPaste {
  onPaste: (event: ClipboardEvent) => void;
  /** Handles undo and redo. */
  onKeyDown: (event: KeyboardEvent) => void;
  /** Puts the text of a file at the cursor. */
  asText: (file: FileUIPart) => void;
}

/**
 * A long pasted text becomes a file of the message: at once, because the message may be sent before the server has given its limits. `place`: the
 * place of its draft, which may change in a new chat. If it cannot be a file (too large, no limits from the server), it becomes text again.
 */
export function useLongPaste(place: () => string, field: RefObject<HTMLTextAreaElement | null>): LongPaste {
  const last = useRef<Step | null>(null);
  const { put, remove } = useAttachments.getState();
  const written = (): string => field.current?.value ?? '';
  const attached = (): FileUIPart[] => useAttachments.getState().files[place()] ?? [];

  async function attach(text: string): Promise<void> {
    const file = textFile(text, t`Pasted text`, attached().map(({ filename }) => filename));
    const at = place();
    put(at, [file]);
    const step: Step = { file, became: 'file', before: written(), after: written(), undone: false };
    last.current = step;
    const room = await readConfig().then(({ maxBodyBytes }) => roomFor(maxBodyBytes), () => 0);
    const used = attached().reduce((sum, { url }) => sum + url.length, 0);
    if (used <= room || !attached().includes(file) || field.current === null || place() !== at) return; // another chat may be open now
    remove(at, file);
    if (last.current === step) last.current = null;
    insertText(field.current, text);
  }

  function onPaste(event: ClipboardEvent): void {
    const text = event.clipboardData.getData('text/plain');
    if (event.defaultPrevented || !isLongPaste(text)) return;
    event.preventDefault();
    void attach(text);
  }

  function asText(file: FileUIPart): void {
    const text = textIn(file);
    if (text === null || field.current === null) return;
    const before = written();
    insertText(field.current, text);
    remove(place(), file);
    last.current = { file, became: 'text', before, after: written(), undone: false };
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = last.current;
    const wish = wishOf(event);
    if (step === null || wish === null || step.undone !== (wish === 'redo') || written() !== (step.undone ? step.before : step.after)) return;
    const gets = (step.became === 'file') === step.undone;
    if (!gets && !attached().includes(step.file)) return;
    step.undone = !step.undone;
    if (gets) put(place(), [step.file]);
    else remove(place(), step.file);
    if (step.became === 'file') event.preventDefault(); // otherwise the browser handles the key
  }

  return { onPaste, onKeyDown, asText };
}

function wishOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): 'undo' | 'redo' | null {
  if (ctrlKey === metaKey || altKey) return null;
  if (key.toLowerCase() === 'z') return shiftKey ? 'redo' : 'undo';
  return key.toLowerCase() === 'y' && ctrlKey ? 'redo' : null;
}
