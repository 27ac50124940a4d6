import { t } from '@lingui/core/macro';
import { FormSheet } from '../controls/FormSheet';
import { unlessGone } from '../fields/gone';
import { useSubmitSaying } from '../hooks/useSubmit';
import { isolated } from '../text/isolated';
import { librarySentenceOf } from './sentences';

/** Asks for confirmation. */
export function DeleteSheet({ name: of, note, remove, onClose }: { name: string; note: string; remove: () => Promise<void>; onClose: () => void }) {
  const name = isolated(of);
  const { busy, problem, run } = useSubmitSaying(librarySentenceOf, []);
  const submit = async (): Promise<void> => {
    if (await run(() => remove().catch(unlessGone))) onClose();
  };
  return (
    <FormSheet name="delete" title={t`Delete ${name}?`} action={t`Delete`} danger busy={busy} problem={problem} onSubmit={() => void submit()} onClose={onClose}>
      <p className="text-sm">{note}</p>
    </FormSheet>
  );
}
