import { expect, test, vi } from 'vitest';
import { piecesOf } from './grammars';
import { keptPieces } from './keptPieces';

vi.mock('./grammars', () => ({ piecesOf: vi.fn((_: string, code: string) => (code === 'bad' ? null : [{ type: 'text', value: code }])) }));

test('code is parsed once, until there is too much of it', () => {
  const first = keptPieces('js', 'first');
  expect(keptPieces('js', 'first')).toBe(first);
  expect(keptPieces('js', 'bad')).toBeNull();
  expect(keptPieces('js', 'bad')).toBeNull();
  expect(piecesOf).toHaveBeenCalledTimes(2);
  expect(keptPieces('ts', 'first')).not.toBe(first); // another language
  for (let n = 0; n < 7; n++) keptPieces('js', `${n}`.repeat(50_000));
  vi.mocked(piecesOf).mockClear();
  keptPieces('js', '6'.repeat(50_000));
  expect(piecesOf).not.toHaveBeenCalled();
  expect(keptPieces('js', 'first')).toEqual(first);
  expect(piecesOf).toHaveBeenCalledOnce();
});
