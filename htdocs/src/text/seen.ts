import type { FileUIPart } from 'ai';

/** One line that people choose or judge by, as the server keeps titles (lib/json/line.h): what cannot be seen could make it look empty, or like another. */

const unseen = /(?![\p{Join_Control}\p{Variation_Selector}])[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]/gu;
const blanks = /[\s\p{Cc}\u2800]+/gu;
/** What joins needs something before it. */
const joinsNothing = /(^| )[\p{Join_Control}\p{Variation_Selector}]+/gu;

export function seenIn(text: string): string {
  return text.replace(unseen, '').replace(blanks, ' ').replace(joinsNothing, '$1').replace(/ +/g, ' ').trim();
}

/** What a file is called: by who made it, else by its kind. */
export function nameOf({ filename, mediaType }: Pick<FileUIPart, 'filename' | 'mediaType'>): string {
  return seenIn(filename ?? '') || mediaType;
}
