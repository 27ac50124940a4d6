import { t } from '@lingui/core/macro';
import { Feather, FoldVertical, Replace, UnfoldVertical, Volume2, VolumeX, type LucideIcon } from 'lucide-react';
import type { Message, Style } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { textOf } from '../chat/messages';
import { metadataOf } from '../chat/metadata';
import { MenuItem, MenuLine, MenuNote } from '../controls/Menu';
import { focusComposer } from '../fields/focusComposer';
import { offerModels, useModels } from '../stores/models';
import { readAloud, stopReading, useReading } from '../stores/reading';
import { fullTime } from '../text/time';
import { nameOfStyle } from './nameOfStyle';
import { useVoices } from './useVoices';

export interface ReplyActionsProps {
  message: Message;
  conversation: Conversation;
  /** No reply is running, so another one can be requested. */
  idle: boolean;
}

const styles: readonly (readonly [Style, LucideIcon])[] = [
  ['shorter', FoldVertical],
  ['longer', UnfoldVertical],
  ['simpler', Feather],
];

export default function ReplyActions({ message, conversation, idle }: ReplyActionsProps) {
  const { createTime } = metadataOf(message);
  const voices = useVoices();
  const reading = useReading((state) => state.messageId === message.id);
  const several = useModels(({ models }) => models.length > 1);
  const text = textOf(message);
  const again = (style: Style): void => {
    void conversation.regenerate(message.id, { style });
    afterwards(focusComposer); // the button belongs to another reply now
  };
  return (
    <>
      {createTime !== undefined && (
        <>
          <MenuNote>
            <time dateTime={createTime}>{fullTime(new Date(createTime))}</time>
          </MenuNote>
          <MenuLine />
        </>
      )}
      {voices && text.trim() !== '' && (
        <>
          {reading ? (
            <MenuItem icon={VolumeX} onSelect={stopReading}>{t`Stop reading`}</MenuItem>
          ) : (
            <MenuItem icon={Volume2} onSelect={() => void readAloud(message.id, text)}>{t`Read aloud`}</MenuItem>
          )}
          <MenuLine />
        </>
      )}
      <MenuNote>{t`Reply again`}</MenuNote>
      {styles.map(([style, icon]) => (
        <MenuItem key={style} icon={icon} disabled={!idle} onSelect={() => again(style)}>
          {nameOfStyle(style)}
        </MenuItem>
      ))}
      {several && (
        <MenuItem icon={Replace} disabled={!idle} onSelect={() => afterwards(() => offerModels({ kind: 'reply', messageId: message.id }))}>
          {t`With another model…`}
        </MenuItem>
      )}
    </>
  );
}

/** A closing menu first gives the focus back to its button. */
function afterwards(work: () => void): void {
  setTimeout(work, 50);
}
