import { expect, test } from 'vitest';
import { languageOf } from './languageOf';
import { piecesOf, voiceFor } from './speak';

test.each([
  ['The lamp is on the table and it gives light.', 'de', 'en'],
  ['Die Lampe steht auf dem Tisch und gibt Licht.', 'en', 'de'],
  ['La lámpara está en la mesa y es para los niños.', 'en', 'es'],
  ['La lampe est sur la table, et elle éclaire les pages.', 'en', 'fr'],
  ['A lâmpada não é para os gatos, e sim para a mesa.', 'en', 'pt'],
  ['灯在桌子上，用 nginx 和 PHP。', 'en', 'zh'],
  ['灯在桌子上。', 'zh-CN', 'zh-CN'],
  ['ランプは机の上にある。', 'en', 'ja'],
  ['Лампа стоит на столе.', 'uk', 'uk'],
  ['Лампа стоит на столе.', 'en', 'ru'],
  ['Yes.', 'fr', 'fr'],
  ['', 'pt-BR', 'pt-BR'],
  ['The sign 灯 means lamp, and it is read that way.', 'en', 'en'],
])('%j for who reads %s is %s', (text, own, language) => {
  expect(languageOf(text, own)).toBe(language);
});

test('what is read comes in pieces that no browser breaks off', () => {
  const long = `${'word '.repeat(100)}end.`;
  const pieces = piecesOf(`One. Two.\n\n${long}`, 'en');
  expect(pieces[0]).toBe('One. Two.');
  expect(pieces.slice(1).join('')).toBe(long);
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(200);
});

test('a voice that needs no network comes first, and of those the default', () => {
  const voice = (name: string, more: Partial<SpeechSynthesisVoice> = {}) => ({ name, lang: 'de_DE', default: false, localService: true, voiceURI: name, ...more });
  const remote = voice('remote', { default: true, localService: false });
  const [plain, chosen] = [voice('plain'), voice('chosen', { default: true })];
  expect(voiceFor('de', [remote, plain])).toBe(plain);
  expect(voiceFor('de', [remote, plain, chosen])).toBe(chosen);
  expect(voiceFor('de', [voice('other', { localService: false }), remote])).toBe(remote);
  expect(voiceFor('fr', [remote, plain, chosen])).toBeNull();
});
