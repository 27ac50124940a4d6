import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { readTools } from '../api/tools';
import { CheckField } from '../components/Fields';

/** Which tools its model may use; `tools` null: all, and what comes later, too. */
export function ToolFields({ tools }: { tools: string[] | null }) {
  const [offered, setOffered] = useState<string[]>([]);
  const [all, setAll] = useState(tools === null);
  useEffect(() => {
    readTools().then((list) => setOffered(list.map(({ name }) => name)), () => undefined);
  }, []);
  const names = [...new Set([...offered, ...(tools ?? [])])].sort();
  if (names.length === 0) return null;
  return (
    <fieldset>
      <legend className="text-sm font-medium">{t`Tools`}</legend>
      <input type="hidden" name="toolsShown" />
      <CheckField label={t`All tools`} name="allTools" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
      {!all && names.map((name) => <CheckField key={name} label={name} name="tool" value={name} defaultChecked={tools === null || tools.includes(name)} />)}
    </fieldset>
  );
}

/** Where there is no field, as it was. */
export function toolsIn(data: FormData, before: string[] | null): string[] | null {
  if (data.get('toolsShown') === null) return before;
  return data.get('allTools') === null ? data.getAll('tool').map(String) : null;
}
