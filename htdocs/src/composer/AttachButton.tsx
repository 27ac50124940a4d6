import { t } from '@lingui/core/macro';
import { Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { acceptedFiles } from '../chat/files';
import { IconButton } from '../controls/Button';

/** Picks files from the device. */
export function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={acceptedFiles}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      <IconButton label={t`Add files`} onClick={() => input.current?.click()} round>
        <Paperclip className="size-4.5" aria-hidden="true" />
      </IconButton>
    </>
  );
}
