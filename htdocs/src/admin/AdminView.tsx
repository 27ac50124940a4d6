import { t } from '@lingui/core/macro';
import { PageTabs } from '../controls/PageTabs';
import { Panel } from '../controls/Panel';
import type { View } from '../stores/shell';
import { ModelsPage } from './ModelsPage';
import { useAdminTexts } from './texts';
import { UsagePage } from './UsagePage';
import { UsersPage } from './UsersPage';

type AdminPage = Extract<View, 'models' | 'users' | 'usage'>;

/** The pages that only administrators can open. */
export default function AdminView({ view }: { view: AdminPage }) {
  return useAdminTexts() ? <Pages view={view} /> : null;
}

function Pages({ view }: { view: AdminPage }) {
  return (
    <Panel title={t`Administration`}>
      <PageTabs label={t`Administration`} pages={[['models', t`Models`], ['users', t`Users`], ['usage', t`Usage`]]} view={view} />
      {view === 'models' ? <ModelsPage /> : view === 'users' ? <UsersPage /> : <UsagePage />}
    </Panel>
  );
}
