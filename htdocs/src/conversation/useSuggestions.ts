import { i18n } from '@lingui/core';
import { useConfig } from '../models/useConfig';
import { suggestionsOf } from '../text/suggestions';

/** Suggestions for a first message; empty until the server has sent them. */
export function useSuggestions(): string[] {
  const config = useConfig();
  return config === null ? [] : suggestionsOf(config, i18n.locale);
}
