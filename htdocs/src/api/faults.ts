import { t } from '@lingui/core/macro';

/** Why a reply failed, by `metadata.error.code`: the words of lib/llm/event.c, in the reader's language. */
const sentences: Record<string, () => string> = {
  no_model: () => t`No model is set up on this server yet. Please ask its administrator to set one.`,
  unreachable: () => t`The model cannot be reached at the moment. Please try again in a minute.`,
  tls: () => t`No secure connection to the model could be made. Please tell the administrator of this server.`,
  silent: () => t`The model did not answer in time. Please try again.`,
  stalled: () => t`The model stopped in the middle of its answer. Please try again.`,
  too_long: () => t`The answer took too long and was ended. Please try again, or ask for a shorter one.`,
  key: () => t`The model refused this server's key. Please tell the administrator of this server.`,
  rejected: () => t`The model refused this request. Please try again with other words or without attachments.`,
  no_tools: () => t`This model does not know tools. Please tell the administrator of this server.`,
  no_images: () => t`This model does not take images. Please try again without them.`,
  no_files: () => t`This model does not take files of this kind. Please try again without them.`,
  filtered: () => t`The model's safety filter refused this request. Please try again with other words.`,
  too_large: () => t`This conversation has become too long for the model. Please start a new session or send less at once.`,
  not_found: () => t`The model is not there: its name or address is wrong. Please tell the administrator of this server.`,
  quota: () => t`The quota of this server at the model is used up. Please tell the administrator of this server.`,
  throttled: () => t`The model has too much to do at the moment. Please wait a minute and try again.`,
  overloaded: () => t`The model is overloaded at the moment. Please try again in a minute.`,
  failed: () => t`The model has a problem at the moment. Please try again in a minute.`,
  not_stream: () => t`The model sent something that is not an answer. Please try again; if it stays so, tell the administrator.`,
  cut: () => t`The connection to the model was lost before the answer was complete. Please try again.`,
  error: () => t`The model reported an error while it answered. Please try again.`,
  malformed: () => t`The model sent something that could not be understood. Please try again.`,
  too_big: () => t`The answer became too long and was ended here. Please ask for a shorter one.`,
  steps: () => t`The model kept calling tools instead of answering and was ended here. Please ask again in other words.`,
  shutdown: () => t`The server was restarted before the answer was complete. Please try again.`,
  unstored: () => t`The answer could not be stored and was ended here. Please try again; if it stays so, tell the administrator.`,
};

/** undefined: a code that this page does not know. */
export function faultSentence(code: string | undefined): string | undefined {
  return code === undefined || !Object.hasOwn(sentences, code) ? undefined : sentences[code]?.();
}

/** For the test: the codes that are known here. */
export const knownFaults = Object.keys(sentences);
