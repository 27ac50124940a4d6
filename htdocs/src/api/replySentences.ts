import { t } from '@lingui/core/macro';

/**
 * Why a tool failed: a text in English for the model, for which the protocol has no code. Keyed by the text, with %ld for a number. Other texts (such
 * as those of a site's own tools) stay as they are.
 */
const sentences: Record<string, (number: string) => string> = {
  // lib/chat/steps_tools.c
  'Not done: the reply has used all its steps.': () => t`Not done: the reply has used all its steps.`,
  'There is no such tool any more.': () => t`This tool no longer exists.`,
  'The arguments of this call are too large.': () => t`The arguments of this call are too large.`,
  // lib/llm/web_page.c
  "This isn't an http or https address, or it contains a username.": () => t`This isn’t an http or https address, or it contains a username.`,
  "This address isn't public. Only public pages on the usual ports can be fetched.": () =>
    t`This address isn’t public. Only public pages on the usual ports can be fetched.`,
  "The page's server couldn't be reached.": () => t`The page’s server couldn’t be reached.`,
  "The page didn't load in time.": () => t`The page didn’t load in time.`,
  "The page's server responded with status %ld.": (number) => t`The page’s server responded with status ${number}.`,
  'This address has no text.': () => t`This address has no text.`,
  'The page redirects too many times.': () => t`The page redirects too many times.`,
  // lib/chat/
  'The reply ended before this call finished.': () => t`The reply ended before this call finished.`,
  'The reply was interrupted before this call finished.': () => t`The reply was interrupted before this call finished.`,
  'The tool failed.': () => t`The tool failed.`,
  'Too many calls at once. Try again with fewer.': () => t`Too many calls at once. Try again with fewer.`,
  'Tools were called too often. Try again in a minute.': () => t`Tools were called too often. Try again in a minute.`,
  "The tool's response is too large.": () => t`The tool’s response is too large.`,
  "The tool's response isn't valid JSON.": () => t`The tool’s response isn’t valid JSON.`,
  "The tool didn't respond in time.": () => t`The tool didn’t respond in time.`,
  "The tool couldn't be reached.": () => t`The tool couldn’t be reached.`,
  "This isn't a valid address.": () => t`This isn’t a valid address.`,
  "There's no time zone with this name. Use an IANA name such as Europe/Berlin.": () =>
    t`There’s no time zone with this name. Use an IANA name such as Europe/Berlin.`,
};

/** A sentence that the server has put into a reply, in the reader's language. */
export function replySentence(said: string): string {
  const [number = ''] = /\d+/.exec(said) ?? [];
  return sentences[said.replace(/\d+/, '%ld')]?.(number) ?? said;
}

/** For the test: the known sentences. */
export const knownReplySentences = Object.keys(sentences);
