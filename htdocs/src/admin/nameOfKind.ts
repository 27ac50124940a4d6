import { t } from '@lingui/core/macro';
import type { Kind } from './api';

export function nameOfKind(kind: Kind): string {
  switch (kind) {
    case 'openai': return t`OpenAI-compatible (chat completions)`;
    case 'responses': return 'OpenAI Responses';
    case 'anthropic': return 'Anthropic';
    case 'gemini': return 'Google Gemini';
  }
}
