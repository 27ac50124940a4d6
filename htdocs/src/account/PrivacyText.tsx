import { useEffect, useState } from 'react';
import { readPrivacy } from '../api/site';
import { Notice } from '../controls/Notice';
import { useSubmit } from '../hooks/useSubmit';
import { Markdown } from '../prose/Markdown';

/** The operator's statement about what is kept, and for how long. */
export function PrivacyText() {
  const [text, setText] = useState<string | null>(null);
  const { problem, run } = useSubmit();
  const read = (): void => void run(async () => setText(await readPrivacy()));
  useEffect(read, []); // eslint-disable-line react-hooks/exhaustive-deps

  if (problem !== null) return <Notice sentence={problem} onRetry={read} />;
  if (text === null) return <div className="h-20" />;
  return <Markdown text={text} streaming={false} />;
}
