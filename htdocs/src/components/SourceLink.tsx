import { Link as LinkIcon } from 'lucide-react';
import { SafeLink } from './SafeLink';

export function SourceLink({ url, title }: { url: string; title: string }) {
  return (
    <p className="flex items-center gap-2 text-sm">
      <LinkIcon className="size-3.5 shrink-0 text-soft" aria-hidden="true" />
      <SafeLink href={url} className="truncate text-accent underline underline-offset-4">
        {title}
      </SafeLink>
    </p>
  );
}
