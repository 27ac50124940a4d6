import type { FileUIPart } from 'ai';

/**
 * One line by which people choose or judge, like the server's titles (lib/json/line.h): without invisible characters, which could make it look empty,
 * or like another.
 */

const unseen = /(?![\p{Join_Control}\p{Variation_Selector}])[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]/gu;
const blanks = /[\s\p{Cc}\u2800]+/gu;
/** A joiner needs something before it. */
const joinsNothing = /(^| )[\p{Join_Control}\p{Variation_Selector}]+/gu;

export function seenIn(text: string): string {
  return text.replace(unseen, '').replace(blanks, ' ').replace(joinsNothing, '$1').replace(/ +/g, ' ').trim();
}

/** The name of a file: its own, otherwise its kind. */
export function nameOf({ filename, mediaType }: Pick<FileUIPart, 'filename' | 'mediaType'>): string {
  return seenIn(filename ?? '') || mediaType;
}
