/** The contents of the picker's lines. */
import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { TriangleAlert } from 'lucide-react';
import type { Assistant } from '../api/assistants';
import type { Model } from '../api/models';
import { isolated } from '../text/isolated';
import { Abilities } from './Abilities';
import { AssistantIcon } from './AssistantIcon';

export function ModelFace({ model, name }: { model: Model; name: string }) {
  const { provider, contextTokens, problem } = model;
  return (
    <>
      <span className="grid min-w-0 flex-1">
        <span dir="auto" title={name} className="truncate">{name}</span>
        <span className="flex min-w-0 gap-1 text-xs text-soft">
          {problem !== null ? (
            <span className="flex items-center gap-1 text-danger">
              <TriangleAlert className="size-3.5 shrink-0" aria-hidden="true" />
              {t`has problems`}
            </span>
          ) : (
            <span className="truncate">{[isolated(provider), contextTokens === null ? '' : contextOf(contextTokens)].filter(Boolean).join(' · ')}</span>
          )}
        </span>
      </span>
      <Abilities of={model} />
    </>
  );
}

export function AssistantFace({ assistant: { icon, description }, name }: { assistant: Assistant; name: string }) {
  return (
    <>
      <AssistantIcon icon={icon} />
      <span className="grid min-w-0 flex-1">
        <span dir="auto" title={name} className="truncate">{name}</span>
        {description !== '' && <span dir="auto" className="truncate text-xs text-soft">{description}</span>}
      </span>
    </>
  );
}

function contextOf(tokens: number): string {
  const number = new Intl.NumberFormat(i18n.locale, { notation: 'compact', maximumFractionDigits: 1 }).format(tokens);
  return t`${number} tokens of context`;
}
