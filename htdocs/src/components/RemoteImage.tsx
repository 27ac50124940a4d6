import { t } from '@lingui/core/macro';
import { ImageOff } from 'lucide-react';
import { SafeLink } from './SafeLink';

/**
 * An image in a reply. One that is part of the reply is shown. One from elsewhere is never fetched by
 * itself, since its address could carry away what the model was told: it is a link that opens apart.
 */
export function RemoteImage({ src, alt }: { src: string; alt: string }) {
  if (src.startsWith('data:image/')) return <img src={src} alt={alt} className="max-h-96 rounded-xl" />;
  const name = alt === '' ? t`Image` : alt;
  return (
    <SafeLink href={src} className="inline-flex max-w-full items-center gap-2 rounded-lg border border-line bg-raised px-2.5 py-0.5 align-middle text-sm">
      <ImageOff className="size-4 shrink-0 text-soft" aria-hidden="true" />
      <span className="truncate">{t`${name} (external)`}</span>
    </SafeLink>
  );
}
