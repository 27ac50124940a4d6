import { t } from '@lingui/core/macro';
import { FileText, Link as LinkIcon } from 'lucide-react';
import type { Message } from '../api/messages';
import { SafeLink } from '../prose/SafeLink';
import { seenIn } from '../text/seen';

/** The sources of a reply. */
export function SourceList({ parts }: { parts: Message['parts'] }) {
  const sources = parts.filter((part) => part.type === 'source-url' || part.type === 'source-document');
  if (sources.length === 0) return null;
  return (
    <div role="group" aria-label={t`Sources`}>
      <h3 className="mb-1.5 text-xs font-medium text-soft">{t`Sources`}</h3>
      <ul className="flex flex-wrap gap-2">
        {sources.map((source) => (
          <li
            key={source.sourceId}
            className="flex max-w-full items-center gap-2 rounded-lg border border-line bg-raised px-2.5 py-1 text-sm"
          >
            {source.type === 'source-url' ? (
              <>
                <LinkIcon className="size-3.5 shrink-0 text-soft" aria-hidden="true" />
                <SafeLink href={source.url} className="truncate text-accent underline underline-offset-4 pointer-coarse:py-3">
                  {seenIn(source.title ?? '') || source.url}
                </SafeLink>
              </>
            ) : (
              <>
                <FileText className="size-3.5 shrink-0 text-soft" aria-hidden="true" />
                <span className="truncate">{seenIn(source.title) || source.mediaType}</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
