import { i18n } from '@lingui/core';
import { suggestionsOf } from '../text/suggestions';
import { useConfig } from './useConfig';

/** What one may begin with; nothing until the server has said it. */
export function useSuggestions(): string[] {
  const config = useConfig();
  return config === null ? [] : suggestionsOf(config, i18n.locale);
}
