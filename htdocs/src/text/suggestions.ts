import { t } from '@lingui/core/macro';
import type { Config } from '../api/config';

/** bin/up uses this name for the model that answers when none is connected. */
const demo = 'demo';

/** The operator's suggestions in this language; without any, only the demo model has something to show. */
export function suggestionsOf({ model, suggestions }: Config, language: string): string[] {
  if (suggestions === undefined) return model === demo ? ofDemo() : [];
  if (Array.isArray(suggestions)) return suggestions;
  const base = (tag: string): string => tag.toLowerCase().split('-', 1)[0] ?? '';
  const tags = Object.keys(suggestions);
  const tag = tags.find((each) => each.toLowerCase() === language.toLowerCase()) ?? tags.find((each) => base(each) === base(language)) ?? tags.find((each) => base(each) === 'en') ?? tags[0];
  return tag === undefined ? [] : (suggestions[tag] ?? []);
}

const ofDemo = (): string[] => [
  t`Show me a table of the planets`,
  t`Write a short C program and explain the code`,
  t`Think: how many squares has a chess board?`,
];
