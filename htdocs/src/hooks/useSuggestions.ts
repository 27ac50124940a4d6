import { i18n } from '@lingui/core';
import { useEffect, useState } from 'react';
import { readConfig } from '../api/config';
import { suggestionsOf } from '../text/suggestions';

/** What one may begin with; nothing until the server has said it. */
export function useSuggestions(): string[] {
  const [suggestions, setSuggestions] = useState<string[]>([]);
  useEffect(() => {
    let wanted = true;
    readConfig()
      .then((config) => wanted && setSuggestions(suggestionsOf(config, i18n.locale)))
      .catch(() => undefined); // one can begin without
    return () => {
      wanted = false;
    };
  }, []);
  return suggestions;
}
