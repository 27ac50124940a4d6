import { t } from '@lingui/core/macro';
import { FormSheet } from '../controls/FormSheet';
import { unlessGone } from '../fields/gone';
import { isolated } from '../text/isolated';
import { useSave } from './useSave';

/** Asks for confirmation. */
export function RemoveSheet({ name: of, note, remove, onClose }: { name: string; note: string; remove: () => Promise<void>; onClose: () => void }) {
  const name = isolated(of);
  const { busy, problem, run } = useSave([]);
  const submit = async (): Promise<void> => {
    if (await run(() => remove().catch(unlessGone))) onClose();
  };
  return (
    <FormSheet name="remove" title={t`Remove ${name}?`} action={t`Remove`} danger busy={busy} problem={problem} onSubmit={() => void submit()} onClose={onClose}>
      <p className="text-sm">{note}</p>
    </FormSheet>
  );
}
