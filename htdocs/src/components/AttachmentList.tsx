import { t } from '@lingui/core/macro';
import { FileText, X } from 'lucide-react';
import type { FileUIPart } from 'ai';
import { useAttachments } from '../stores/attachments';
import { IconButton } from './Button';

/** The files that go with the message that is being written. */
export function AttachmentList({ files, draft }: { files: FileUIPart[]; draft: string }) {
  const remove = useAttachments((state) => state.remove);
  if (files.length === 0) return null;
  return (
    <ul aria-label={t`Attached files`} className="flex flex-wrap gap-2 px-2 pt-2">
      {files.map((file, index) => {
        const name = file.filename ?? file.mediaType;
        return (
          <li key={index} className="relative flex max-w-56 items-center gap-2 rounded-xl border border-line bg-page p-1.5 pr-8 text-sm">
            {file.mediaType.startsWith('image/') ? (
              <img src={file.url} alt="" className="size-10 rounded-lg object-cover" />
            ) : (
              <FileText className="size-5 shrink-0 text-soft" aria-hidden="true" />
            )}
            <span dir="auto" className="truncate">{name}</span>
            <IconButton
              label={t`Remove ${name}`}
              size="size-6"
              round
              onClick={() => remove(draft, file)}
              className="absolute top-1 right-1"
            >
              <X className="size-3.5" aria-hidden="true" />
            </IconButton>
          </li>
        );
      })}
    </ul>
  );
}
