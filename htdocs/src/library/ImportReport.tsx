import { t } from '@lingui/core/macro';
import type { ImportedItem } from '../api/library';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { Sheet } from '../controls/Sheet';
import type { Outcome } from './importFile';

/** What was imported, what already existed, and why nothing was imported. */
export function ImportReport({ outcome, onAgain, onClose }: { outcome: Outcome; onAgain: () => void; onClose: () => void }) {
  return (
    <Sheet title={outcome.kind === 'imported' ? t`Import` : t`Nothing was imported`} name="import" width="w-[min(30rem,calc(100vw-2rem))]" onClose={onClose}>
      <div className="grid gap-4 text-sm">
        {outcome.kind === 'imported' ? <Imported items={outcome.items} /> : <Refused {...outcome} />}
        <Button
          look="accent"
          className="justify-self-end pointer-coarse:h-11"
          data-first
          onClick={(event) => {
            event.currentTarget.closest('dialog')?.close();
            if (outcome.kind === 'refused') onAgain();
          }}
        >
          {outcome.kind === 'refused' ? t`Choose another file` : t`Done`}
        </Button>
      </div>
    </Sheet>
  );
}

function Refused({ sentence, detail }: { sentence: string; detail: string | null }) {
  return (
    <>
      <Notice sentence={sentence} />
      {detail !== null && <p lang="en" dir="auto" className="text-soft wrap-anywhere">{detail}</p>}
    </>
  );
}

function Imported({ items }: { items: ImportedItem[] }) {
  const [added, there] = [items.filter((item) => item.added), items.filter((item) => !item.added)];
  return (
    <>
      {items.length === 0 && <p>{t`There is nothing in this file.`}</p>}
      <Group heading={t`Added`} items={added} />
      <Group heading={t`Already there`} items={there} />
    </>
  );
}

function Group({ heading, items }: { heading: string; items: ImportedItem[] }) {
  if (items.length === 0) return null;
  return (
    <section aria-label={heading}>
      <h3 className="font-semibold">{heading}</h3>
      <ul className="mt-1 max-h-56 divide-y divide-line overflow-y-auto" tabIndex={0} aria-label={heading}>
        {items.map((item, n) => (
          <Line key={n} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Line({ item }: { item: ImportedItem }) {
  const { kind, name, added } = item;
  const as = item.as ?? name;
  return (
    <li className="py-1.5">
      <p dir="auto" className="wrap-anywhere">{kind === 'prompt' ? `/${as}` : name}</p>
      {added && as !== name && <p className="text-xs text-soft">{t`You have another prompt with the name /${name}.`}</p>}
      {added && item.modelLost === true && <p className="text-xs text-soft">{t`Its model isn’t available here. It uses the default model.`}</p>}
    </li>
  );
}
