import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { SelectField } from '../controls/Fields';
import { Notice } from '../controls/Notice';
import { lookAtAssistants, useAssistants } from '../stores/assistants';
import { assistantNamesOf } from '../text/modelNames';
import { readSettings, saveSettings, type Settings } from './api';
import { adminSentenceOf } from './sentences';

/** Chooses the assistant with which everybody's new chats begin. */
export function DefaultAssistant() {
  const assistants = useAssistants((state) => state.assistants);
  const published = assistants.filter((assistant) => assistant.published);
  const names = assistantNamesOf(assistants);
  const [settings, setSettings] = useState<Settings | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const read = (): void => {
    void lookAtAssistants();
    readSettings().then(setSettings, setProblem);
  };
  useEffect(read, []);

  async function change(defaultAssistantId: string | null): Promise<void> {
    if (settings === null) return;
    setProblem(null);
    setSettings({ ...settings, defaultAssistantId });
    try {
      await saveSettings(settings, { defaultAssistantId });
    } catch (error) {
      setProblem(error);
    }
    read();
  }

  if (problem === null && (settings === null || (published.length === 0 && settings.defaultAssistantId === null))) return null;
  return (
    <div className="grid gap-3">
      {settings !== null && (
        <SelectField
          label={t`Default assistant`}
          hint={t`New chats start with it unless someone chooses otherwise. Published assistants can be chosen.`}
          value={settings.defaultAssistantId ?? ''}
          onChange={(event) => void change(event.currentTarget.value === '' ? null : event.currentTarget.value)}
        >
          <option value="">{t`No assistant`}</option>
          {published.map(({ id, icon, name }) => (
            <option key={id} value={id}>{`${icon} ${names.get(id) ?? name}`.trim()}</option>
          ))}
          {settings.defaultAssistantId !== null && published.every(({ id }) => id !== settings.defaultAssistantId) && (
            <option value={settings.defaultAssistantId}>{t`An assistant that is no longer published`}</option>
          )}
        </SelectField>
      )}
      {problem !== null && <Notice sentence={adminSentenceOf(problem)} onRetry={() => { setProblem(null); read(); }} />}
    </div>
  );
}
