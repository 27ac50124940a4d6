import type { Message } from '../api/messages';
import { metadataOf } from '../chat/metadata';
import { fullTime, shortTime } from '../text/time';

/** When a message was written. */
export function MessageTime({ message, className = '' }: { message: Message; className?: string }) {
  const { createTime } = metadataOf(message);
  if (createTime === undefined) return null; // it has just been sent
  const time = new Date(createTime);
  return (
    <time dateTime={createTime} title={fullTime(time)} className={`shrink-0 text-xs ${className}`}>
      {shortTime(time, new Date())}
    </time>
  );
}
