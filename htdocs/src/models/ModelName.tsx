import { t } from '@lingui/core/macro';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Model } from '../api/models';
import type { Conversation } from '../chat/conversation';
import { later } from '../controls/later';
import { withTexts } from '../i18n/language';
import { useAssistants } from '../stores/assistants';
import { lookAtChoice, useModels } from '../stores/models';
import { namesOf } from '../text/modelNames';
import { useChatModel } from './useChatModel';
import { useConfig } from './useConfig';
import { useModelList } from './useModelList';

interface Props {
  conversation: Conversation;
  models: Model[];
}

/** Used if there are several models; its code is loaded with the second one, and until then only the name is shown. */
const ModelChoice = later<Props>(async () => (await withTexts(import('./ModelChoice'))).ModelChoice, ({ conversation, models }) => <Chosen conversation={conversation} models={models} />);

/** bin/up uses this name for the model that stands in until there is a real one. */
const demo = 'demo';

/** The model that will answer, shown below the composer; if there are several, or assistants, one can be picked. */
export function ModelName({ conversation }: { conversation: Conversation }) {
  const model = useConfig()?.model ?? null;
  const models = useModelList();
  useStore(conversation.state, ({ sent }) => sent); // a new chat may have a session now
  const { sessionId } = conversation;
  const assisted = useAssistants((state) => state.assistants.length > 0);
  const several = models.length > 1 || assisted;
  useEffect(() => {
    if (several && sessionId !== null) void lookAtChoice(sessionId);
  }, [several, sessionId]);
  const { id } = useChatModel(conversation);
  const picking = useModels((state) => state.picking);
  // A single model leaves no choice, unless the requested one is gone.
  const choice = several || (models.length === 1 && (picking !== null || (id !== null && id !== models[0]?.id)));

  return (
    <div className="mx-auto flex min-h-5 max-w-3xl justify-center px-5 pt-1.5 text-xs text-soft">
      {choice ? (
        <ModelChoice conversation={conversation} models={models} />
      ) : model === demo ? (
        <span title={t`It answers with prepared texts until a real model is set up.`} className="rounded-full border border-line px-2">
          {t`Demo model`}
        </span>
      ) : model === '' ? (
        t`No model is set up.`
      ) : (
        model !== null && <Name name={model} />
      )}
    </div>
  );
}

function Chosen({ conversation, models }: Props) {
  const { id } = useChatModel(conversation);
  return <Name name={namesOf(models).get(id ?? '') ?? ''} />;
}

function Name({ name }: { name: string }) {
  return (
    <>
      <span className="sr-only">{t`Model:`}&nbsp;</span>
      <span dir="ltr" title={name} className="truncate">{name}</span>
    </>
  );
}
