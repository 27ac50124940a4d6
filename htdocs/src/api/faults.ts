import { t } from '@lingui/core/macro';

/** Why a reply failed, in the reader's language, by `metadata.error.code`: the words of lib/wire/event.c. */
const sentences: Record<string, () => string> = {
  no_model: () => t`No model is set up on this server yet. Ask your administrator to set one up.`,
  unreachable: () => t`The model can’t be reached right now. Try again in a minute.`,
  tls: () => t`The server can’t connect to the model securely. Tell your administrator.`,
  silent: () => t`The model didn’t respond in time. Try again.`,
  stalled: () => t`The model stopped in the middle of its reply. Try again.`,
  too_long: () => t`The reply took too long and was stopped. Try again, or ask for a shorter one.`,
  key: () => t`The model rejected this server’s API key. Tell your administrator.`,
  rejected: () => t`The model rejected this request. Try rephrasing it, or leave out the attachments.`,
  no_tools: () => t`This model doesn’t support tools. Tell your administrator.`,
  no_images: () => t`This model doesn’t accept images. Try again without them.`,
  no_files: () => t`This model doesn’t accept files of this type. Try again without them.`,
  filtered: () => t`The model’s safety filter blocked this request. Try rephrasing it.`,
  too_large: () => t`This chat is now too long for the model. Start a new chat, or send less at once.`,
  not_found: () => t`The model can’t be found: its name or address is wrong. Tell your administrator.`,
  quota: () => t`This server’s quota with the model provider is used up. Tell your administrator.`,
  throttled: () => t`The model is getting too many requests. Wait a minute and try again.`,
  overloaded: () => t`The model is overloaded. Try again in a minute.`,
  failed: () => t`The model is having problems right now. Try again in a minute.`,
  not_stream: () => t`The model returned an invalid response. Try again; if it keeps happening, tell your administrator.`,
  cut: () => t`The connection to the model was lost before the reply was complete. Try again.`,
  error: () => t`The model reported an error while replying. Try again.`,
  malformed: () => t`The model sent something this server couldn’t understand. Try again.`,
  too_big: () => t`The reply got too long and was cut off here. Ask for a shorter one.`,
  steps: () => t`The model kept calling tools without answering and was stopped here. Try asking in a different way.`,
  shutdown: () => t`The server restarted before the reply was complete. Try again.`,
  internal: () => t`Something went wrong on the server. Try again.`,
  database: () => t`The server couldn’t reach its database. Try again in a minute.`,
  unstored: () => t`The reply couldn’t be saved and was stopped here. Try again; if it keeps happening, tell your administrator.`,
};

/** undefined if this page does not know the code. */
export function faultSentence(code: string | undefined): string | undefined {
  return code === undefined || !Object.hasOwn(sentences, code) ? undefined : sentences[code]?.();
}

/** For the test: the known codes. */
export const knownFaults = Object.keys(sentences);
