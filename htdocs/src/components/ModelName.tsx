import { t } from '@lingui/core/macro';
import { useConfig } from '../hooks/useConfig';

/** What bin/up calls the model that stands in until there is one. */
const demo = 'demo';

/** Who will answer, under what is being written. */
export function ModelName() {
  const model = useConfig()?.model ?? null;

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
