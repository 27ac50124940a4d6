import { i18n } from '@lingui/core';
import { scriptLanguage } from './scriptLanguage';

/** The attribute `lang` for somebody's text, given the page's present language. */
export function langOf(text: string): string | undefined {
  return scriptLanguage(text, i18n.locale);
}
