import { t } from '@lingui/core/macro';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { namesOf, onMac, purposeOf, shortcuts } from '../text/shortcuts';
import { IconButton } from './Button';

/** Mounted while it is open. */
export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const mac = onMac();

  return (
    <dialog
      ref={dialog}
      aria-labelledby="shortcuts-title"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
      className="m-auto w-[min(26rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised text-ink shadow-lift"
    >
      <div className="p-6">
        <header className="mb-4 flex items-center justify-between">
          <h2 id="shortcuts-title" className="text-lg font-semibold">{t`Keyboard shortcuts`}</h2>
          <IconButton label={t`Close`} onClick={() => dialog.current?.close()}>
            <X className="size-4" aria-hidden="true" />
          </IconButton>
        </header>
        <dl className="grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-2.5 text-sm">
          {shortcuts.map((shortcut) => (
            <ShortcutLine key={shortcut.action} purpose={purposeOf(shortcut.action)} keys={namesOf(shortcut, mac)} />
          ))}
          <ShortcutLine purpose={t`Send the message`} keys={['Enter']} />
          <ShortcutLine purpose={t`New line in the message`} keys={[mac ? '⇧' : 'Shift', 'Enter']} />
          <ShortcutLine purpose={t`Edit your last message (in an empty field)`} keys={['↑']} />
        </dl>
      </div>
    </dialog>
  );
}

function ShortcutLine({ purpose, keys }: { purpose: string; keys: string[] }) {
  return (
    <>
      <dt>{purpose}</dt>
      <dd className="flex justify-end gap-1">
        {keys.map((key) => (
          <kbd key={key} className="min-w-7 rounded-md border border-line bg-panel px-1.5 py-0.5 text-center font-sans text-xs">
            {key}
          </kbd>
        ))}
      </dd>
    </>
  );
}
