import { t } from '@lingui/core/macro';
import { Brain, FileText, Image, Wrench, type LucideIcon } from 'lucide-react';
import type { Ability, Model } from '../api/models';

const signs: readonly (readonly [Ability, LucideIcon])[] = [
  ['reasoning', Brain],
  ['tools', Wrench],
  ['images', Image],
  ['files', FileText],
];

function nameOfAbility(ability: Ability): string {
  switch (ability) {
    case 'reasoning': return t`Thinks`;
    case 'tools': return t`Uses tools`;
    case 'images': return t`Reads images`;
    case 'files': return t`Reads files`;
  }
}

/** The abilities of a model: an icon for each, with its name. */
export function Abilities({ of }: { of: Pick<Model, 'abilities'> }) {
  return (
    <span className="flex shrink-0 gap-1.5 text-soft">
      {signs.map(([ability, Icon]) =>
        of.abilities[ability] === true ? (
          <span key={ability} title={nameOfAbility(ability)}>
            <Icon className="size-3.5" aria-hidden="true" />
            <span className="sr-only">{nameOfAbility(ability)}</span>
          </span>
        ) : null,
      )}
    </span>
  );
}
