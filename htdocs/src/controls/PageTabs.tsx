import { showView, type View } from '../stores/shell';

/** The pages beside this one. */
export function PageTabs({ label, pages, view }: { label: string; pages: readonly (readonly [page: View, name: string])[]; view: View }) {
  return (
    <nav aria-label={label} className="-mt-2 mb-6 flex gap-1 overflow-x-auto border-b border-line">
      {pages.map(([page, name]) => (
        <button
          key={page}
          type="button"
          aria-current={page === view ? 'page' : undefined}
          onClick={() => showView(page)}
          className="h-11 min-w-11 shrink-0 border-b-2 border-transparent px-3 text-sm font-medium text-soft hover:text-ink aria-[current]:border-accent aria-[current]:text-ink"
        >
          {name}
        </button>
      ))}
    </nav>
  );
}
