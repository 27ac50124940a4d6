import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { readConfig } from '../api/config';

/** What bin/up calls the model that stands in until there is one. */
const demo = 'demo';

/** Who will answer, under what is being written. */
export function ModelName() {
  const [model, setModel] = useState<string | null>(null);
  useEffect(() => {
    readConfig().then(
      (config) => setModel(config.model),
      () => undefined, // whoever sends is told that the server is away
    );
  }, []);

  return (
    <p className="mx-auto flex min-h-5 max-w-3xl justify-center px-5 pt-1.5 text-xs text-soft">
      {model === demo ? (
        <span title={t`It answers with prepared texts until a real model is set up.`} className="rounded-full border border-line px-2">
          {t`Demo model`}
        </span>
      ) : model === '' ? (
        t`No model is set up.`
      ) : (
        model !== null && (
          <>
            <span className="sr-only">{t`Model:`}&nbsp;</span>
            <span dir="ltr" title={model} className="truncate">{model}</span>
          </>
        )
      )}
    </p>
  );
}
