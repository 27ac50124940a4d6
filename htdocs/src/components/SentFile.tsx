import type { FileUIPart } from 'ai';
import { FileText } from 'lucide-react';

/** A file of a message: an image is shown, of others there is the name. */
export function SentFile({ file }: { file: FileUIPart }) {
  const name = file.filename ?? file.mediaType;
  if (/^data:image\/(?!svg)/.test(file.url)) {
    return <img src={file.url} alt={name} className="max-h-72 max-w-[85%] rounded-xl border border-line" />;
  }
  return (
    <span className="flex max-w-[85%] items-center gap-2 rounded-xl border border-line bg-raised px-3 py-2 text-sm">
      <FileText className="size-4 shrink-0 text-soft" aria-hidden="true" />
      <span className="truncate">{name}</span>
    </span>
  );
}
