import { i18n } from '@lingui/core';
import { scriptLanguage } from '../text/scriptLanguage';

/** The attribute `lang` of what somebody has written, on the page as it speaks now. */
export function langOf(text: string): string | undefined {
  return scriptLanguage(text, i18n.locale);
}
