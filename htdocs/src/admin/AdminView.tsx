import { t } from '@lingui/core/macro';
import { Panel } from '../components/Panel';
import { showView } from '../stores/shell';
import { ModelsPage } from './ModelsPage';
import { useAdminTexts } from './texts';
import { UsersPage } from './UsersPage';

/** What only administrators come to. */
export default function AdminView({ view }: { view: 'models' | 'users' }) {
  return useAdminTexts() ? <Pages view={view} /> : null;
}

function Pages({ view }: { view: 'models' | 'users' }) {
  const pages = [['models', t`Models`], ['users', t`Users`]] as const;
  return (
    <Panel title={t`Administration`}>
      <nav aria-label={t`Administration`} className="-mt-2 mb-6 flex gap-1 border-b border-line">
        {pages.map(([page, name]) => (
          <button
            key={page}
            type="button"
            aria-current={page === view ? 'page' : undefined}
            onClick={() => showView(page)}
            className="-mb-px h-11 min-w-11 border-b-2 border-transparent px-3 text-sm font-medium text-soft hover:text-ink aria-[current]:border-accent aria-[current]:text-ink"
          >
            {name}
          </button>
        ))}
      </nav>
      {view === 'models' ? <ModelsPage /> : <UsersPage />}
    </Panel>
  );
}
