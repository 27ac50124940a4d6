import { t } from '@lingui/core/macro';
import type { FileUIPart } from 'ai';
import { FileText } from 'lucide-react';
import { isReadableText, textIn } from '../chat/textFile';
import { look } from '../stores/viewer';
import { nameOf } from '../text/seen';

const box = 'flex max-w-[85%] items-center gap-2 rounded-xl border border-line bg-raised px-3 py-2 text-sm';

/**
 * The files of a message: a single image as large as possible, several in a row; other files by name, and texts can be opened. `atEnd`: on the
 * writer's side.
 */
export function SentFiles({ files, atEnd = false }: { files: FileUIPart[]; atEnd?: boolean }) {
  const images = files.filter(isShown);
  const others = files.filter((file) => !isShown(file));
  return (
    <>
      {images.length > 0 && <Images images={images} atEnd={atEnd} />}
      {others.map((file, index) => (
        <OtherFile key={index} file={file} />
      ))}
    </>
  );
}

function isShown({ url }: FileUIPart): boolean {
  return /^data:image\/(?!svg)/i.test(url);
}

function Images({ images, atEnd }: { images: FileUIPart[]; atEnd: boolean }) {
  const row = images.length > 1;
  const exhibits = images.map((image) => ({ kind: 'picture' as const, src: image.url, name: nameOf(image) }));
  return (
    <div className={`flex max-w-[85%] flex-wrap gap-2 ${atEnd ? 'justify-end' : ''}`}>
      {images.map((image, index) => (
        <button key={index} type="button" title={t`Enlarge`} onClick={() => look(exhibits, index)} className="cursor-zoom-in overflow-hidden rounded-xl border border-line">
          <img src={image.url} alt={nameOf(image)} className={row ? 'size-24 object-cover' : 'max-h-72 max-w-full'} />
        </button>
      ))}
    </div>
  );
}

function OtherFile({ file }: { file: FileUIPart }) {
  const name = nameOf(file);
  const face = (
    <>
      <FileText className="size-4 shrink-0 text-soft" aria-hidden="true" />
      <span dir="auto" className="truncate">{name}</span>
    </>
  );
  if (!isReadableText(file)) return <span className={box}>{face}</span>;
  return (
    <button type="button" title={t`Read`} onClick={() => look([{ kind: 'text', text: textIn(file) ?? '', name }])} className={`printed ${box} hover:bg-hover`}>
      {face}
    </button>
  );
}
