import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { readTools } from '../api/tools';
import { CheckField } from '../controls/Fields';

interface Props {
  /** null: all tools, including future ones. */
  tools: string[] | null;
  /** The stored value. */
  before: string[] | null;
  onChange: (tools: string[] | null) => void;
}

/** The tools that the assistant's model may use. */
export function ToolFields({ tools, before, onChange }: Props) {
  const [offered, setOffered] = useState<string[]>([]);
  useEffect(() => {
    readTools().then((list) => setOffered(list.map(({ name }) => name)), () => undefined);
  }, []);
  const names = [...new Set([...offered, ...(before ?? []), ...(tools ?? [])])].sort();
  if (names.length === 0) return null;
  return (
    <fieldset>
      <legend className="text-sm font-medium">{t`Tools`}</legend>
      <CheckField label={t`All tools`} checked={tools === null} onChange={(event) => onChange(event.currentTarget.checked ? null : (before ?? names))} />
      {tools !== null &&
        names.map((name) => (
          <CheckField key={name} label={name} checked={tools.includes(name)}
            onChange={(event) => onChange(event.currentTarget.checked ? names.filter((each) => each === name || tools.includes(each)) : tools.filter((each) => each !== name))} />
        ))}
    </fieldset>
  );
}

/** Parses the text in a draft. */
export function toolsIn(text: string): string[] | null {
  return JSON.parse(text) as string[] | null;
}
