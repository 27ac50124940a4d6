import { t } from '@lingui/core/macro';
import type { FileUIPart } from 'ai';
import { FileText, TextCursorInput, X } from 'lucide-react';
import { isReadableText } from '../chat/textFile';
import { IconButton } from '../controls/Button';
import { useAttachments } from '../stores/attachments';
import { nameOf } from '../text/seen';

/** The files of the message that is being written. `onText`: moves a text file into the message itself. */
export function AttachmentList({ files, draft, onText }: { files: FileUIPart[]; draft: string; onText: (file: FileUIPart) => void }) {
  const remove = useAttachments((state) => state.remove);
  if (files.length === 0) return null;
  return (
    <ul aria-label={t`Attached files`} className="flex flex-wrap gap-2 px-2 pt-2">
      {files.map((file, index) => {
        const name = nameOf(file);
        return (
          <li key={index} className="flex max-w-72 items-center gap-2 rounded-xl border border-line bg-page p-1.5 text-sm">
            {file.mediaType.startsWith('image/') ? (
              <img src={file.url} alt="" className="size-10 rounded-lg object-cover" />
            ) : (
              <FileText className="size-5 shrink-0 text-soft" aria-hidden="true" />
            )}
            <span dir="auto" className="truncate">{name}</span>
            {isReadableText(file) && (
              <IconButton label={t`Insert ${name} as text`} size="size-7" round onClick={() => onText(file)} className="-mr-1.5">
                <TextCursorInput className="size-3.5" aria-hidden="true" />
              </IconButton>
            )}
            <IconButton label={t`Remove ${name}`} size="size-7" round onClick={() => remove(draft, file)}>
              <X className="size-3.5" aria-hidden="true" />
            </IconButton>
          </li>
        );
      })}
    </ul>
  );
}
