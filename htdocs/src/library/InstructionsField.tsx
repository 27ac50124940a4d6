import { t } from '@lingui/core/macro';
import { TextArea } from '../controls/Fields';
import { piecesOf } from '../fields/variables';
import { useSite } from '../hooks/useSite';
import { useAuth } from '../stores/auth';

/** The instructions of an assistant, with the variables that are filled in. */
export function InstructionsField({ text, onChange, problem }: { text: string; onChange: (text: string) => void; problem: string | null }) {
  const [userName, date, siteName] = ['{{user.name}}', '{{date}}', '{{site.name}}']; // braces have a meaning in a catalog
  return (
    <div className="grid gap-2">
      <TextArea
        prose
        label={t`Instructions`}
        name="instructions"
        dir="auto"
        rows={7}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        problem={problem}
        hint={t`What the assistant should do, and how. ${userName}, ${date} and ${siteName} are filled in. Only you can read this.`}
      />
      <Preview text={text} />
    </div>
  );
}

/** The resulting text for the present user. */
function Preview({ text }: { text: string }) {
  const site = useSite();
  const name = useAuth((state) => state.user?.username ?? '');
  const pieces = piecesOf(text, { 'user.name': name, date: new Date().toISOString().slice(0, 10), 'site.name': site?.siteName || 'Lamplight' });
  if (pieces.every(({ filled }) => !filled)) return null;
  return (
    <details className="text-sm">
      <summary className="flex min-h-8 cursor-pointer items-center text-soft pointer-coarse:min-h-11">{t`Preview`}</summary>
      <p dir="auto" className="max-h-60 overflow-y-auto rounded-lg bg-panel px-3 py-2 whitespace-pre-wrap wrap-anywhere">
        {pieces.map(({ text: piece, filled }, n) => (filled ? <mark key={n} className="rounded-sm bg-glow px-0.5 text-ink">{piece}</mark> : piece))}
      </p>
    </details>
  );
}
