import { t } from '@lingui/core/macro';

/**
 * What the server says inside of a reply, in English since it does not know who reads: why a tool failed. Keyed by its words,
 * with %ld for a number. What is not listed (a site's own tools speak for themselves) stays as it is.
 */
const sentences: Record<string, (number: string) => string> = {
  // lib/chat/hub_tools.c
  'This was not done: the reply has had all its steps.': () => t`This was not done: the reply has had all its steps.`,
  // lib/llm/web_page.c
  'This is not an http or https address, or it holds a user name.': () => t`This is not an http or https address, or it holds a user name.`,
  'This address is not a public one. Only public pages on the usual ports can be fetched.': () =>
    t`This address is not a public one. Only public pages on the usual ports can be fetched.`,
  "The page's server could not be reached.": () => t`The page's server could not be reached.`,
  'The page did not come in time.': () => t`The page did not come in time.`,
  "The page's server answered with status %ld.": (number) => t`The page's server answered with status ${number}.`,
  'This address gives no text.': () => t`This address gives no text.`,
  'The page redirects too often.': () => t`The page redirects too often.`,
  // lib/chat/
  'The reply ended before this call was complete.': () => t`The reply ended before this call was complete.`,
  'The tool failed.': () => t`The tool failed.`,
  'Too many calls at once. Try again with fewer.': () => t`Too many calls at once. Try again with fewer.`,
  'Tools were called too often. Try again in a minute.': () => t`Tools were called too often. Try again in a minute.`,
  "The tool's answer is too large.": () => t`The tool's answer is too large.`,
  "The tool's answer is no valid JSON.": () => t`The tool's answer is no valid JSON.`,
  'The tool did not answer in time.': () => t`The tool did not answer in time.`,
  'The tool could not be reached.': () => t`The tool could not be reached.`,
  'This is not an address.': () => t`This is not an address.`,
  'There is no time zone of this name. Use a name of the IANA database like Europe/Berlin.': () =>
    t`There is no time zone of this name. Use a name of the IANA database like Europe/Berlin.`,
};

/** What the server said inside of a reply, in the reader's language. */
export function replySentence(said: string): string {
  const [number = ''] = /\d+/.exec(said) ?? [];
  return sentences[said.replace(/\d+/, '%ld')]?.(number) ?? said;
}

/** For the test: the server's words that are known here. */
export const knownReplySentences = Object.keys(sentences);
