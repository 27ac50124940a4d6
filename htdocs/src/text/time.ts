import { i18n } from '@lingui/core';

/** Creating a formatter takes longer than using it a thousand times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${i18n.locale} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(i18n.locale, options);
  formats.set(key, known);
  return known;
}

/** In the reader's language and time zone: the time of day, and the day unless it is today. */
export function shortTime(time: Date, now: Date): string {
  if (time.toDateString() === now.toDateString()) return formatOf({ timeStyle: 'short' }).format(time);
  const year = time.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return formatOf({ ...(year !== undefined && { year }), month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(time);
}

/** With the weekday, the seconds and the name of the time zone. */
export function fullTime(time: Date): string {
  return formatOf({ dateStyle: 'full', timeStyle: 'long' }).format(time);
}
