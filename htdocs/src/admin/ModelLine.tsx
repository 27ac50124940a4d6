import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Ellipsis, FlaskConical, Pencil, Power, PowerOff, Star, Trash2 } from 'lucide-react';
import { Badge } from '../controls/Badge';
import { MenuItem } from '../controls/Menu';
import { MenuButton } from '../controls/MenuButton';
import { isolated } from '../text/isolated';
import type { ModelChange, Prices, SiteModel } from './api';

interface Props {
  model: SiteModel;
  /** The name that distinguishes it from the others. */
  name: string;
  isDefault: boolean;
  /** No other model can be made the default. */
  fixed: boolean;
  onEditModel: (model: SiteModel) => void;
  onChangeModel: (model: SiteModel, wish: ModelChange) => void;
  onTestModel: (model: SiteModel) => void;
  onRemoveModel: (model: SiteModel) => void;
}

export function ModelLine({ model, name, isDefault, fixed, onEditModel, onChangeModel, onTestModel, onRemoveModel }: Props) {
  const { label, upstreamName, prices, takes, enabled, locked } = model;
  const about = [upstreamName === label ? '' : isolated(upstreamName), takes, pricesText(prices)].filter(Boolean).join(' · ');
  return (
    <li data-key={model.id} className="flex items-center gap-2 py-2 pr-4 pl-4">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <span dir="auto" className="wrap-anywhere">{name}</span>
          {isDefault && <Badge>{t`default`}</Badge>}
          {!enabled && <Badge>{t`turned off`}</Badge>}
        </p>
        {about !== '' && <p className="text-xs text-soft wrap-anywhere">{about}</p>}
      </div>
      {!locked && (
        <div className="relative" data-line>
          <MenuButton label={t`More for ${name}`} align="end" face={<Ellipsis className="size-5" aria-hidden="true" />}
            className="grid size-9 place-content-center rounded-lg text-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover pointer-coarse:size-11">
            <MenuItem icon={Pencil} onSelect={() => onEditModel(model)}>{t`Change`}</MenuItem>
            <MenuItem icon={FlaskConical} onSelect={() => onTestModel(model)}>{t`Test`}</MenuItem>
            {!isDefault && !fixed && enabled && <MenuItem icon={Star} onSelect={() => onChangeModel(model, { isDefault: true })}>{t`Make default`}</MenuItem>}
            <MenuItem icon={enabled ? PowerOff : Power} onSelect={() => onChangeModel(model, { enabled: !enabled })}>{enabled ? t`Turn off` : t`Turn on`}</MenuItem>
            <MenuItem icon={Trash2} danger onSelect={() => onRemoveModel(model)}>{t`Remove`}</MenuItem>
          </MenuButton>
        </div>
      )}
    </li>
  );
}

function pricesText({ input, output }: Prices): string {
  if (input === null || output === null) return '';
  const number = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 6 });
  const [read, written] = [number.format(input / 1e6), number.format(output / 1e6)];
  return t`${read} in, ${written} out per million tokens`;
}
