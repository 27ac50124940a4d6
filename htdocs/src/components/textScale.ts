/** How large letters are in this browser: 1 as usual, more where its reader has chosen larger ones. */
export function textScale(): number {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return size > 0 ? size / 16 : 1;
}
