import { ImageOff } from 'lucide-react';
import { useState } from 'react';
import { SafeLink } from './SafeLink';

/**
 * An image in a reply. One that is part of the reply is shown. One from elsewhere is never fetched by
 * itself: its address could carry what the model was told. The CSP refuses it too, so it opens apart.
 */
export function RemoteImage({ src, alt }: { src: string; alt: string }) {
  const [asked, setAsked] = useState(false);
  if (src.startsWith('data:image/')) return <img src={src} alt={alt} className="max-h-96 rounded-xl" />;
  if (asked) return <SafeLink href={src}>{src}</SafeLink>;
  return (
    <button
      type="button"
      onClick={() => setAsked(true)}
      className="inline-flex items-center gap-2 rounded-lg border border-line bg-raised px-3 py-1.5 text-sm text-soft hover:text-ink"
    >
      <ImageOff className="size-4" aria-hidden="true" />
      {alt === '' ? 'Image from elsewhere' : alt}: show where it is
    </button>
  );
}
