import { t } from '@lingui/core/macro';

/** Suggestions for a first message, if there are any. */
export function Suggestions({ texts, onPick }: { texts: string[]; onPick: (text: string) => void }) {
  if (texts.length === 0) return null;
  return (
    <ul className="flex flex-wrap justify-center gap-2 transition-opacity duration-200 starting:opacity-0" aria-label={t`Suggestions`}>
      {texts.map((text) => (
        <li key={text}>
          <button
            type="button"
            dir="auto"
            onClick={() => onPick(text)}
            className="rounded-full border border-line bg-raised px-4 py-2 text-sm text-soft transition-colors wrap-anywhere hover:border-line-strong hover:text-ink"
          >
            {text}
          </button>
        </li>
      ))}
    </ul>
  );
}
