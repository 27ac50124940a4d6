/** The rules for the fields of these forms, in the reader's language, by the member that the server refused. */
import { t } from '@lingui/core/macro';
import { longest, mostStarters } from '../api/library';
import type { About, ApiError } from '../api/problem';
import { lineRule, numberRule, textRule, wholeRule } from '../fields/rules';

export type Form = 'assistant' | 'prompt';

const rules: Record<Form, Record<string, (about: About, label?: string) => string | undefined>> = {
  assistant: {
    name: () => lineRule(t`Name`, longest.name),
    icon: (_, label = t`Icon`) => t`“${label}” takes one emoji.`,
    description: () => textRule(t`Description`, longest.description),
    instructions: () => textRule(t`Instructions`, longest.instructions),
    options: ({ member }) => {
      if (member === 'maxTokens') return wholeRule(t`Maximum reply length (tokens)`, 1, 1e8);
      return member === 'temperature' ? numberRule(t`Temperature`, 0, 2) : undefined;
    },
    starters: (_, label = t`Conversation starters`) => {
      const [starters, characters] = [mostStarters, longest.starter];
      return t`“${label}” takes at most ${starters} lines of ${characters} characters each.`;
    },
  },
  prompt: {
    name: (_, label = t`Name`) => t`“${label}” takes 1 to 64 lowercase letters a–z, digits and hyphens.`,
    text: () => textRule(t`Text`, longest.prompt),
  },
};

/** For any other field the server's sentence is used. */
export function ruleOf(form: Form, { code, field = '', about }: ApiError): string | undefined {
  return code === 'invalid' && Object.hasOwn(rules[form], field) ? rules[form][field]?.(about) : undefined;
}

/** For the test: the known members. */
export function knownMembers(form: Form): string[] {
  return Object.keys(rules[form]);
}
