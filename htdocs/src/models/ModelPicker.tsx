import { t } from '@lingui/core/macro';
import type { Assistant, ChatAssistant } from '../api/assistants';
import type { Model } from '../api/models';
import { sentenceOf } from '../api/problem';
import type { Conversation } from '../chat/conversation';
import { useAssistants } from '../stores/assistants';
import type { Picking } from '../stores/models';
import { sayError } from '../stores/sayError';
import { assistantNamesOf, namesOf } from '../text/modelNames';
import { chooseAssistant, chooseModel } from './chooseModel';
import { AssistantFace, ModelFace } from './faces';
import { ModelList, type Group, type Item } from './ModelList';
import { Popup } from './Popup';

/** The models, and the assistants with which a chat can begin, above the button that opens them. `onClose`: whether the focus returns to it. */
export function ModelPicker({
  conversation,
  models,
  chosen,
  assistant = null,
  picking,
  onClose,
}: {
  conversation: Conversation;
  models: Model[];
  chosen: string | null;
  assistant?: ChatAssistant | null;
  picking: Picking;
  onClose: (back: boolean) => void;
}) {
  const assistants = useAssistants((state) => state.assistants);
  const byPage = picking.kind === 'chat' && picking.byHand !== true;
  // The page needs a model; an assistant would mean another chat.
  const assisted = picking.kind === 'chat' && !byPage && assistants.length > 0;
  const title = picking.kind === 'reply' ? t`Reply again with` : assisted ? t`Choose an assistant or a model` : t`Choose a model`;
  const fresh = conversation.sessionId === null;
  const ofModels: Group = { name: assisted ? t`Models` : null, items: models.map((model) => modelItem(model, namesOf(models).get(model.id) ?? model.label, chosen)) };
  // A chat keeps its assistant.
  const ofAssistants: Group = { name: fresh ? t`Assistants` : t`New chat with an assistant`, items: assistantItems(assistants, fresh ? assistant : null) };
  // Enter takes the first line if none is chosen.
  const groups = !assisted ? [ofModels] : chosen === null ? [ofModels, ofAssistants] : [ofAssistants, ofModels];

  function choose(key: string): void {
    onClose(true);
    const id = key.slice(1);
    const done = key.startsWith('m') ? chooseModel(conversation, picking, id) : chooseAssistant(conversation, id === '' ? null : id);
    void done.catch((error: unknown) => sayError(sentenceOf(error)));
  }

  return (
    <Popup title={title} onClose={onClose}>
      {picking.kind === 'reply' && <p className="px-3 pt-3 text-xs text-soft">{title}</p>}
      {/* The list covers the line that says so. */}
      {byPage && <p role="alert" className="px-3 pt-3 text-danger">{t`This model is no longer available. Choose another one.`}</p>}
      <ModelList
        label={title}
        search={assisted ? [t`Search assistants and models`, t`Nothing has this name.`] : [t`Search models`, t`No model has this name.`]}
        groups={groups}
        yields={byPage}
        onChoose={choose}
      />
    </Popup>
  );
}

function modelItem(model: Model, name: string, chosen: string | null): Item {
  const { id, provider } = model;
  return { key: `m${id}`, label: name, words: `${name} ${provider}`, chosen: id === chosen, face: <ModelFace model={model} name={name} /> };
}

/** If an assistant is chosen, it can be removed. */
function assistantItems(assistants: Assistant[], chosen: ChatAssistant | null): Item[] {
  const names = assistantNamesOf(assistants);
  const items = assistants.map((assistant): Item => {
    const { id, description } = assistant;
    const name = names.get(id) ?? assistant.name;
    return { key: `a${id}`, label: name, words: `${name} ${description}`, chosen: id === chosen?.id, face: <AssistantFace assistant={assistant} name={name} /> };
  });
  const none = t`No assistant`;
  return chosen === null ? items : [{ key: 'a', label: none, words: none, chosen: false, face: <span className="pl-7">{none}</span> }, ...items];
}
