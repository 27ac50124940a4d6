/** The size of letters in this browser: 1 is the default, more if its reader has chosen larger ones. */
export function textScale(): number {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return size > 0 ? size / 16 : 1;
}
