import { FileText } from 'lucide-react';
import { memo } from 'react';
import type { Message } from '../api/messages';

export const UserMessage = memo(function UserMessage({ message }: { message: Message }) {
  return (
    <article aria-label="You" className="ml-auto flex max-w-[85%] flex-col items-end gap-2">
      <h2 className="sr-only">You</h2>
      {message.parts.map((part, index) => {
        if (part.type === 'text') {
          return (
            <p key={index} className="rounded-2xl rounded-br-md bg-glow px-4 py-2.5 leading-relaxed whitespace-pre-wrap wrap-anywhere">
              {part.text}
            </p>
          );
        }
        if (part.type === 'file') return <SentFile key={index} url={part.url} name={part.filename ?? part.mediaType} />;
        return null;
      })}
    </article>
  );
});

function SentFile({ url, name }: { url: string; name: string }) {
  if (url.startsWith('data:image/')) return <img src={url} alt={name} className="max-h-72 rounded-xl border border-line" />;
  return (
    <span className="flex items-center gap-2 rounded-xl border border-line bg-raised px-3 py-2 text-sm">
      <FileText className="size-4 text-soft" aria-hidden="true" />
      {name}
    </span>
  );
}
