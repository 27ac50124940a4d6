import { t } from '@lingui/core/macro';
import { ChevronUp, SlidersHorizontal, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Model } from '../api/models';
import type { Conversation } from '../chat/conversation';
import { offerModels, useModels } from '../stores/models';
import { namesOf } from '../text/modelNames';
import { ModelPicker } from './ModelPicker';
import { OptionsForm } from './OptionsForm';
import { useChatModel } from './useChatModel';

const look =
  '-my-0.5 flex h-6 min-w-6 items-center justify-center gap-1 rounded-full px-2.5 hover:bg-hover hover:text-ink aria-expanded:bg-hover pointer-coarse:-my-3 pointer-coarse:h-11 pointer-coarse:min-w-11';

/** The model that will answer, and how it is asked; both can be changed. */
export function ModelChoice({ conversation, models }: { conversation: Conversation; models: Model[] }) {
  const [button, options] = [useRef<HTMLButtonElement>(null), useRef<HTMLButtonElement>(null)];
  const picking = useModels((state) => state.picking);
  const [setting, setSetting] = useState(false);
  const { id, changed, assistant } = useChatModel(conversation);
  const model = models.find((each) => each.id === id);
  const gone = model === undefined;
  // A reader who leaves picks nothing here.
  useEffect(
    () => () => {
      offerModels(null);
      setSetting(false);
    },
    [conversation],
  );

  return (
    <div className="relative flex min-w-0 justify-center">
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={picking !== null}
        onPointerDown={(event) => event.stopPropagation()}
        onClick={() => offerModels(picking === null ? { kind: 'chat', byHand: true } : null)}
        className={`${look} min-w-0 ${gone ? 'text-danger' : ''}`}
      >
        {(gone || model?.problem != null) && <TriangleAlert className="size-3.5 shrink-0 text-danger" aria-hidden="true" />}
        <span className="sr-only">{t`Model:`}&nbsp;</span>
        {assistant !== null && <span dir="auto" className="truncate">{`${assistant.icon} ${assistant.name}`.trim()}&nbsp;·&nbsp;</span>}
        <span dir="auto" className="truncate">{gone ? t`Choose a model` : namesOf(models).get(model.id)}</span>
        {model?.problem != null && <span className="sr-only">{t`has problems`}</span>}
        <ChevronUp className="size-3.5 shrink-0" aria-hidden="true" />
      </button>
      <button
        ref={options}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={setting}
        aria-label={changed ? t`Model options (changed)` : t`Model options`}
        title={t`Model options`}
        onPointerDown={(event) => event.stopPropagation()}
        onClick={() => setSetting(!setting)}
        className={`${look} shrink-0 ${changed ? 'text-accent' : ''}`}
      >
        <SlidersHorizontal className="size-3.5" aria-hidden="true" />
      </button>
      {picking !== null && (
        <ModelPicker
          conversation={conversation}
          models={models}
          chosen={gone ? null : id}
          assistant={assistant}
          picking={picking}
          onClose={(back) => {
            offerModels(null);
            if (back) button.current?.focus();
          }}
        />
      )}
      {setting && (
        <OptionsForm
          conversation={conversation}
          model={model}
          onClose={(back) => {
            setSetting(false);
            if (back) options.current?.focus();
          }}
        />
      )}
    </div>
  );
}
