import { t } from '@lingui/core/macro';
import { Ellipsis, Pencil, Plus, Power, PowerOff, Trash2 } from 'lucide-react';
import { Badge } from '../controls/Badge';
import { Button } from '../controls/Button';
import { MenuItem } from '../controls/Menu';
import { MenuButton } from '../controls/MenuButton';
import { Notice } from '../controls/Notice';
import type { ModelChange, Provider, SiteModel } from './api';
import { LockedNote } from './LockedNote';
import { ModelLine } from './ModelLine';
import type { SiteDefault } from './models';
import { nameOfKind } from './nameOfKind';
import { sentenceOfProblem } from './sentences';

interface Props {
  provider: Provider;
  models: SiteModel[];
  nameOf: (model: SiteModel) => string;
  site: SiteDefault;
  /** Why an action of the menu here was refused. */
  refused: string | null;
  onEdit: () => void;
  onEnable: (enabled: boolean) => void;
  onRemove: () => void;
  onAddModel: () => void;
  onEditModel: (model: SiteModel) => void;
  onChangeModel: (model: SiteModel, wish: ModelChange) => void;
  onTestModel: (model: SiteModel) => void;
  onRemoveModel: (model: SiteModel) => void;
}

export function ProviderCard({ provider, models, nameOf, site, refused, onEdit, onEnable, onRemove, onAddModel, ...ofModels }: Props) {
  const { name, kind, baseUrl, hasKey, keyTail, enabled, locked, problem } = provider;
  return (
    <section data-key={provider.id} aria-label={name} className="rounded-2xl border border-line">
      <div className="flex items-start gap-2 p-4 pb-3">
        <div className="min-w-0 flex-1">
          <h2 className="flex flex-wrap items-center gap-2 font-semibold">
            <span dir="auto" className="wrap-anywhere">{name}</span>
            {!enabled && <Badge>{t`turned off`}</Badge>}
          </h2>
          <p className="text-xs text-soft wrap-anywhere">{[nameOfKind(kind), baseUrl].filter(Boolean).join(' · ')}</p>
          {!locked && <p className="text-xs text-soft">{!hasKey ? t`No key is set.` : keyTail === null ? t`A key is set.` : t`Key ending in ${keyTail}`}</p>}
          {problem !== null && sentenceOfProblem(problem) !== refused && <p className="mt-1 text-sm text-danger">{sentenceOfProblem(problem)}</p>}
        </div>
        {!locked && (
          <div className="relative" data-line>
            <MenuButton label={t`More for ${name}`} align="end" face={<Ellipsis className="size-5" aria-hidden="true" />}
              className="grid size-9 place-content-center rounded-lg text-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover pointer-coarse:size-11">
              <MenuItem icon={Pencil} onSelect={onEdit}>{t`Change`}</MenuItem>
              <MenuItem icon={enabled ? PowerOff : Power} onSelect={() => onEnable(!enabled)}>{enabled ? t`Turn off` : t`Turn on`}</MenuItem>
              <MenuItem icon={Trash2} danger onSelect={onRemove}>{t`Remove`}</MenuItem>
            </MenuButton>
          </div>
        )}
      </div>
      {refused !== null && <div className="px-4 pb-3"><Notice sentence={refused} /></div>}
      {locked && <LockedNote />}
      {models.length > 0 && (
        <ul aria-label={t`Models of ${name}`} className="divide-y divide-line border-t border-line">
          {models.map((model) => (
            <ModelLine key={model.id} model={model} name={nameOf(model)} isDefault={model.id === site.defaultId} fixed={site.fixed} {...ofModels} />
          ))}
        </ul>
      )}
      {!locked && (
        <div className="border-t border-line p-2">
          <Button look="quiet" className="pointer-coarse:h-11" onClick={onAddModel}>
            <Plus className="size-4" aria-hidden="true" />
            {t`Add model`}
          </Button>
        </div>
      )}
    </section>
  );
}
