import { t } from '@lingui/core/macro';
import { Sheet } from '../controls/Sheet';
import { namesOf, onMac, purposeOf, shortcuts } from '../fields/shortcuts';

/** Mounted while it is open. */
export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const mac = onMac();

  return (
    <Sheet title={t`Keyboard shortcuts`} name="shortcuts" width="w-[min(26rem,calc(100vw-2rem))]" onClose={onClose}>
      <dl className="grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-2.5 text-sm">
        {shortcuts.map((shortcut) => (
          <ShortcutLine key={shortcut.action} purpose={purposeOf(shortcut.action)} keys={namesOf(shortcut, mac)} />
        ))}
        <ShortcutLine purpose={t`Send the message`} keys={['Enter']} />
        <ShortcutLine purpose={t`New line in the message`} keys={[mac ? '⇧' : 'Shift', 'Enter']} />
        <ShortcutLine purpose={t`Edit your last message (in an empty field)`} keys={['↑']} />
      </dl>
    </Sheet>
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
