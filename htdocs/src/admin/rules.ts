/** The rules for the fields of these forms, in the reader's language, by the member that the server refused. */
import { t } from '@lingui/core/macro';
import type { About, ApiError } from '../api/problem';
import { lineRule, numberRule, wholeRule } from '../fields/rules';

/** `about`: which rule was broken, if a member has several; `label`: the field's label. Undefined where the server's sentence is used. */
const rules: Record<string, (about: About, label?: string) => string | undefined> = {
  // members of a provider
  name: () => lineRule(t`Name`, 64),
  kind: ({ rule, model, member }) => {
    if (rule !== 'reserved' || model === undefined || member === undefined) return undefined;
    return t`The model “${model}” has the extra request field “${member}”, which the server writes itself for this kind. Remove it there first.`;
  },
  baseUrl: (_, label = t`Address`) => t`“${label}” takes an http or https address, without a password, ? or #.`,
  key: ({ rule }, label = t`API key`) =>
    rule === 'moved'
      ? t`You changed where this provider’s key is sent. Enter the key again.`
      : t`“${label}” takes one line of letters, digits and signs, without spaces. Copy the key again.`,
  headers: ({ rule }, label = t`Additional headers`) =>
    rule === 'moved'
      ? t`You changed where this provider’s headers are sent. Enter their values again.`
      : t`“${label}” takes at most 32 headers, each with a value of one line. Some, like Host, can’t be set.`,
  proxy: ({ rule }, label = t`Proxy`) =>
    rule === 'password'
      ? t`A proxy with a password can only be set in the server’s configuration (llm.proxy).`
      : t`“${label}” takes an http, https, socks5 or socks5h address.`,
  // members of a model
  upstreamName: () => lineRule(t`Model name at the provider`, 255),
  label: () => lineRule(t`Display name`, 128),
  contextTokens: () => wholeRule(t`Context size (tokens)`, 512, 1e8),
  takes: (_, label = t`Abilities`) => t`“${label}” takes words such as images=off, as they are listed at llm.takes in the configuration.`,
  options: ({ member }, label = t`Extra request fields`) =>
    member === undefined ? t`“${label}” takes a JSON object of at most 16 KB.` : t`“${label}” can’t have “${member}”: the server writes it itself.`,
  temperature: () => numberRule(t`Temperature`, 0, 2),
  maxTokens: () => wholeRule(t`Maximum reply length (tokens)`, 1, 1e8),
  prices: () => numberRule(t`Prices per million tokens`, 0, 1e6),
  position: () => wholeRule(t`Position in the list`, -1e6, 1e6),
};

/** For any other field the server's sentence is used. */
export function ruleOf({ code, field = '', about }: ApiError): string | undefined {
  return code === 'invalid' && Object.hasOwn(rules, field) ? rules[field]?.(about) : undefined;
}

/** For the test: the known members. */
export const knownMembers = Object.keys(rules);
