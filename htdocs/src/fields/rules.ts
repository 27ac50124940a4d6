/** Sentences about the values that a form field accepts, with the field's label: the server's sentences name members of the request, in English. */
import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';

export function lineRule(label: string, most: number): string {
  return t`“${label}” takes 1 to ${most} characters.`;
}

export function textRule(label: string, longest: number): string {
  const most = inDigits(longest);
  return t`“${label}” takes at most ${most} characters.`;
}

export function numberRule(label: string, from: number, to: number): string {
  const [least, most] = [inDigits(from), inDigits(to)];
  return t`“${label}” takes numbers from ${least} to ${most}.`;
}

export function wholeRule(label: string, from: number, to: number): string {
  const [least, most] = [inDigits(from), inDigits(to)];
  return t`“${label}” takes whole numbers from ${least} to ${most}.`;
}

function inDigits(number: number): string {
  return new Intl.NumberFormat(i18n.locale).format(number);
}
