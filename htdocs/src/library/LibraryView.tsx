import { t } from '@lingui/core/macro';
import { useEffect } from 'react';
import { PageTabs } from '../controls/PageTabs';
import { Panel } from '../controls/Panel';
import { refreshAssistants } from '../stores/assistants';
import { tellOtherTabs } from '../stores/otherTabs';
import { refreshPrompts } from '../stores/prompts';
import { lookAtRole } from '../stores/role';
import { AssistantsPage } from './AssistantsPage';
import { PromptsPage } from './PromptsPage';
import { Transfer } from './Transfer';

/** If a request fails, the page that shows the data repeats it. */
const readAgain = (): void => {
  void Promise.allSettled([refreshAssistants(), refreshPrompts()]);
  for (const kind of ['assistants', 'prompts'] as const) tellOtherTabs('', { kind });
};

/** Assistants and prompts: one's own, and the published ones. */
export default function LibraryView({ view }: { view: 'assistants' | 'prompts' }) {
  useEffect(() => void lookAtRole(), []);
  return (
    <Panel title={t`Assistants and prompts`}>
      <PageTabs label={t`Assistants and prompts`} pages={[['assistants', t`Assistants`], ['prompts', t`Prompts`]]} view={view} />
      <div className="grid gap-8">
        {view === 'assistants' ? <AssistantsPage /> : <PromptsPage />}
        <Transfer onImported={readAgain} />
      </div>
    </Panel>
  );
}
