import { t } from '@lingui/core/macro';
import { ImageOff } from 'lucide-react';
import { look } from '../stores/viewer';
import { SafeLink } from './SafeLink';

/**
 * An image in a reply. One that is part of the reply is shown. A remote one is never fetched automatically, because its address could carry away what
 * the model knows; it is a link that opens in a new window.
 */
export function RemoteImage({ src, alt }: { src: string; alt: string }) {
  const name = alt === '' ? t`Image` : alt;
  if (src.startsWith('data:image/')) {
    return (
      <button type="button" title={t`Enlarge`} onClick={() => look([{ kind: 'picture', src, name }])} className="inline-block cursor-zoom-in rounded-xl">
        <img src={src} alt={name} className="max-h-96 rounded-xl" />
      </button>
    );
  }
  return (
    <SafeLink href={src} className="inline-flex max-w-full items-center gap-2 rounded-lg border border-line bg-raised px-2.5 py-0.5 align-middle text-sm">
      <ImageOff className="size-4 shrink-0 text-soft" aria-hidden="true" />
      <span className="truncate">{t`${name} (external)`}</span>
    </SafeLink>
  );
}
