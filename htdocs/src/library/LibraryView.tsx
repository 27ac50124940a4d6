import { t } from '@lingui/core/macro';
import { useEffect } from 'react';
import { PageTabs } from '../components/PageTabs';
import { Panel } from '../components/Panel';
import { lookAtRole } from '../stores/role';
import { AssistantsPage } from './AssistantsPage';
import { PromptsPage } from './PromptsPage';

/** Assistants and prompts: one's own, and those that are there for everybody. */
export default function LibraryView({ view }: { view: 'assistants' | 'prompts' }) {
  useEffect(() => void lookAtRole(), []);
  return (
    <Panel title={t`Assistants and prompts`}>
      <PageTabs label={t`Assistants and prompts`} pages={[['assistants', t`Assistants`], ['prompts', t`Prompts`]]} view={view} />
      {view === 'assistants' ? <AssistantsPage /> : <PromptsPage />}
    </Panel>
  );
}
