import { t } from '@lingui/core/macro';
import { sentenceOf } from '../../api/problem';
import type { Model } from '../../api/models';
import type { Conversation } from '../../chat/conversation';
import type { Picking } from '../../stores/models';
import { sayError } from '../../stores/sayError';
import { chooseModel } from './chooseModel';
import { ModelList } from './ModelList';
import { Popup } from './Popup';

/** The models, above the button that opens them. `onClose`: whether the focus goes back to it. */
export function ModelPicker({
  conversation,
  models,
  chosen,
  picking,
  onClose,
}: {
  conversation: Conversation;
  models: Model[];
  chosen: string | null;
  picking: Picking;
  onClose: (back: boolean) => void;
}) {
  const title = picking.kind === 'reply' ? t`Reply again with` : t`Choose a model`;
  return (
    <Popup title={title} onClose={onClose}>
      {picking.kind === 'reply' && <p className="px-3 pt-3 text-xs text-soft">{title}</p>}
      <ModelList
        label={title}
        models={models}
        chosen={chosen}
        yields={picking.kind === 'chat' && picking.byHand !== true}
        onChoose={(model) => {
          onClose(true);
          void chooseModel(conversation, picking, model).catch((error: unknown) => sayError(sentenceOf(error)));
        }}
      />
    </Popup>
  );
}
