import { t } from '@lingui/core/macro';

/**
 * What the server says inside of a reply, in English since it does not know who reads: why the model or a tool failed. Keyed by its words,
 * with %ld for a number. What is not listed (a site's own tools speak for themselves) stays as it is.
 */
const sentences: Record<string, (number: string) => string> = {
  // lib/llm/event.c
  'No model is set up on this server yet. Please ask its administrator to set one.': () =>
    t`No model is set up on this server yet. Please ask its administrator to set one.`,
  'The model cannot be reached at the moment. Please try again in a minute.': () =>
    t`The model cannot be reached at the moment. Please try again in a minute.`,
  'No secure connection to the model could be made. Please tell the administrator of this server.': () =>
    t`No secure connection to the model could be made. Please tell the administrator of this server.`,
  'The model did not answer in time. Please try again.': () => t`The model did not answer in time. Please try again.`,
  'The model stopped in the middle of its answer. Please try again.': () =>
    t`The model stopped in the middle of its answer. Please try again.`,
  'The answer took too long and was ended. Please try again, or ask for a shorter one.': () =>
    t`The answer took too long and was ended. Please try again, or ask for a shorter one.`,
  "The model refused this server's key. Please tell the administrator of this server.": () =>
    t`The model refused this server's key. Please tell the administrator of this server.`,
  'The model refused this request. Please try again with other words or without attachments.': () =>
    t`The model refused this request. Please try again with other words or without attachments.`,
  'This model does not know tools. Please tell the administrator of this server.': () =>
    t`This model does not know tools. Please tell the administrator of this server.`,
  'This model does not take images. Please try again without them.': () =>
    t`This model does not take images. Please try again without them.`,
  'This model does not take files of this kind. Please try again without them.': () =>
    t`This model does not take files of this kind. Please try again without them.`,
  "The model's safety filter refused this request. Please try again with other words.": () =>
    t`The model's safety filter refused this request. Please try again with other words.`,
  'The quota of this server at the model is used up. Please tell the administrator of this server.': () =>
    t`The quota of this server at the model is used up. Please tell the administrator of this server.`,
  'The model is overloaded at the moment. Please try again in a minute.': () =>
    t`The model is overloaded at the moment. Please try again in a minute.`,
  'This conversation has become too long for the model. Please start a new session or send less at once.': () =>
    t`This conversation has become too long for the model. Please start a new session or send less at once.`,
  'The model is not there: its name or address is wrong. Please tell the administrator of this server.': () =>
    t`The model is not there: its name or address is wrong. Please tell the administrator of this server.`,
  'The model has too much to do at the moment. Please wait a minute and try again.': () =>
    t`The model has too much to do at the moment. Please wait a minute and try again.`,
  'The model has a problem at the moment. Please try again in a minute.': () =>
    t`The model has a problem at the moment. Please try again in a minute.`,
  'The model sent something that is not an answer. Please try again; if it stays so, tell the administrator.': () =>
    t`The model sent something that is not an answer. Please try again; if it stays so, tell the administrator.`,
  'The connection to the model was lost before the answer was complete. Please try again.': () =>
    t`The connection to the model was lost before the answer was complete. Please try again.`,
  'The model reported an error while it answered. Please try again.': () =>
    t`The model reported an error while it answered. Please try again.`,
  'The model sent something that could not be understood. Please try again.': () =>
    t`The model sent something that could not be understood. Please try again.`,
  'The answer became too long and was ended here. Please ask for a shorter one.': () =>
    t`The answer became too long and was ended here. Please ask for a shorter one.`,
  'The model kept calling tools instead of answering and was ended here. Please ask again in other words.': () =>
    t`The model kept calling tools instead of answering and was ended here. Please ask again in other words.`,
  'The server was restarted before the answer was complete. Please try again.': () =>
    t`The server was restarted before the answer was complete. Please try again.`,
  'The answer could not be stored and was ended here. Please try again; if it stays so, tell the administrator.': () =>
    t`The answer could not be stored and was ended here. Please try again; if it stays so, tell the administrator.`,
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


/** The same by the fault's word, as a reply's metadata keep it (lib/llm/event.c). */
const ofCodes: Record<string, string> = {
  no_model: 'No model is set up on this server yet. Please ask its administrator to set one.',
  unreachable: 'The model cannot be reached at the moment. Please try again in a minute.',
  tls: 'No secure connection to the model could be made. Please tell the administrator of this server.',
  silent: 'The model did not answer in time. Please try again.',
  stalled: 'The model stopped in the middle of its answer. Please try again.',
  too_long: 'The answer took too long and was ended. Please try again, or ask for a shorter one.',
  key: "The model refused this server's key. Please tell the administrator of this server.",
  rejected: 'The model refused this request. Please try again with other words or without attachments.',
  no_tools: 'This model does not know tools. Please tell the administrator of this server.',
  no_images: 'This model does not take images. Please try again without them.',
  no_files: 'This model does not take files of this kind. Please try again without them.',
  filtered: "The model's safety filter refused this request. Please try again with other words.",
  too_large: 'This conversation has become too long for the model. Please start a new session or send less at once.',
  not_found: 'The model is not there: its name or address is wrong. Please tell the administrator of this server.',
  quota: 'The quota of this server at the model is used up. Please tell the administrator of this server.',
  throttled: 'The model has too much to do at the moment. Please wait a minute and try again.',
  overloaded: 'The model is overloaded at the moment. Please try again in a minute.',
  failed: 'The model has a problem at the moment. Please try again in a minute.',
  not_stream: 'The model sent something that is not an answer. Please try again; if it stays so, tell the administrator.',
  cut: 'The connection to the model was lost before the answer was complete. Please try again.',
  error: 'The model reported an error while it answered. Please try again.',
  malformed: 'The model sent something that could not be understood. Please try again.',
  too_big: 'The answer became too long and was ended here. Please ask for a shorter one.',
  shutdown: 'The server was restarted before the answer was complete. Please try again.',
  unstored: 'The answer could not be stored and was ended here. Please try again; if it stays so, tell the administrator.',
};

/** What the server said inside of a reply, in the reader's language. */
export function replySentence(said: string): string {
  const [number = ''] = /\d+/.exec(said) ?? [];
  return sentences[said.replace(/\d+/, '%ld')]?.(number) ?? said;
}

/** Why a stored reply failed, in the reader's language; null for a fault that is not known here. */
export function faultSentence(code: string): string | null {
  const said = ofCodes[code];
  return said === undefined ? null : replySentence(said);
}

/** For the test: the server's words that are known here. */
export const knownFaults = ofCodes;

export const knownReplySentences = Object.keys(sentences);
