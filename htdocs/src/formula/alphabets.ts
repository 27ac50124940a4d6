/** Letters in mathematical alphabets (Unicode, Mathematical Alphanumeric Symbols): MathML Core supports no `mathvariant` but "normal". */

/** Where an alphabet begins: capitals, small letters, digits, Greek capitals. */
interface Alphabet {
  latin: number;
  digits?: number;
  greek?: number;
  /** Letters that were in Unicode before the alphabet. */
  elsewhere?: Record<string, string>;
}

const alphabets: Record<string, Alphabet> = {
  bold: { latin: 0x1d400, digits: 0x1d7ce, greek: 0x1d6a8 },
  italic: { latin: 0x1d434, greek: 0x1d6e2, elsewhere: { h: 'ℎ' } },
  'bold-italic': { latin: 0x1d468, greek: 0x1d71c },
  script: { latin: 0x1d49c, elsewhere: { B: 'ℬ', E: 'ℰ', F: 'ℱ', H: 'ℋ', I: 'ℐ', L: 'ℒ', M: 'ℳ', R: 'ℛ', e: 'ℯ', g: 'ℊ', o: 'ℴ' } },
  fraktur: { latin: 0x1d504, elsewhere: { C: 'ℭ', H: 'ℌ', I: 'ℑ', R: 'ℜ', Z: 'ℨ' } },
  'double-struck': { latin: 0x1d538, digits: 0x1d7d8, elsewhere: { C: 'ℂ', H: 'ℍ', N: 'ℕ', P: 'ℙ', Q: 'ℚ', R: 'ℝ', Z: 'ℤ' } },
  'bold-fraktur': { latin: 0x1d56c },
  'sans-serif': { latin: 0x1d5a0, digits: 0x1d7e2 },
  'bold-sans-serif': { latin: 0x1d5d4, digits: 0x1d7ec },
  'sans-serif-italic': { latin: 0x1d608 },
  'sans-serif-bold-italic': { latin: 0x1d63c },
  monospace: { latin: 0x1d670, digits: 0x1d7f6 },
};

export function inAlphabet(text: string, mathvariant: string | undefined): string {
  const alphabet = alphabets[mathvariant ?? ''];
  return alphabet === undefined ? text : Array.from(text, (letter) => letterIn(alphabet, letter)).join('');
}

function letterIn({ latin, digits, greek, elsewhere }: Alphabet, letter: string): string {
  const other = elsewhere?.[letter];
  if (other !== undefined) return other;
  const code = letter.codePointAt(0) ?? 0;
  const moved = (from: number, to: number | undefined): string => (to === undefined ? letter : String.fromCodePoint(to + code - from));
  if (/^[A-Z]$/.test(letter)) return moved(0x41, latin);
  if (/^[a-z]$/.test(letter)) return moved(0x61, latin + 26);
  if (/^\d$/.test(letter)) return moved(0x30, digits);
  if (/^[Α-Ρ]$/u.test(letter) || /^[Σ-Ω]$/u.test(letter)) return moved(0x391, greek);
  if (/^[α-ω]$/u.test(letter)) return moved(0x3b1, greek === undefined ? undefined : greek + 26);
  return letter;
}
