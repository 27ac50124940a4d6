/** Reads a reply aloud with one of the browser's voices. */
import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';
import { languageOf } from './languageOf';
import { spokenText } from './spoken';

/** Browsers abort long texts, so they get short pieces. */
const longest = 200;

/** Resolves when all of it has been read, or when it is no longer `wanted`. */
export async function speak(markdown: string, wanted: () => boolean): Promise<void> {
  const text = spokenText(markdown, { code: aboutCode, formula: t`formula` }).trim();
  const voices = speechSynthesis.getVoices();
  const lang = languageOf(spokenText(markdown, { code: '', formula: '' }), i18n.locale);
  const voice = voiceFor(lang, voices);
  for (const piece of piecesOf(text, lang)) {
    if (!wanted()) return;
    await say(piece, lang, voice);
  }
}

function aboutCode(language: string, lines: number): string {
  const count = plural(lines, { one: '# line', other: '# lines' });
  return language === '' ? t`Code, ${count}.` : t`Code in ${language}, ${count}.`;
}

/** A voice that needs no network, because nobody else may hear a reply; among those, the reader's own choice for the language. */
export function voiceFor(lang: string, voices: SpeechSynthesisVoice[]): SpeechSynthesisVoice | null {
  const fitting = voices.filter((voice) => voice.lang.toLowerCase().replace('_', '-').split('-', 1)[0] === lang.toLowerCase().split('-', 1)[0]);
  const local = fitting.filter((voice) => voice.localService);
  const best = local.length > 0 ? local : fitting;
  return best.find((voice) => voice.default) ?? best[0] ?? null;
}

/** Sentences, or words of long ones, joined up to the limit. */
export function piecesOf(text: string, lang: string): string[] {
  const pieces: string[] = [];
  for (const line of text.split('\n')) {
    let piece = '';
    for (const part of sentencesOf(line, lang)) {
      if (piece !== '' && piece.length + part.length > longest) {
        pieces.push(piece);
        piece = '';
      }
      piece += part;
    }
    if (piece.trim() !== '') pieces.push(piece);
  }
  return pieces;
}

function sentencesOf(line: string, lang: string): string[] {
  const cut = (granularity: 'sentence' | 'word', text: string): string[] => [...new Intl.Segmenter(lang, { granularity }).segment(text)].map(({ segment }) => segment);
  return cut('sentence', line).flatMap((sentence) => (sentence.length > longest ? cut('word', sentence) : [sentence]));
}

function say(piece: string, lang: string, voice: SpeechSynthesisVoice | null): Promise<void> {
  return new Promise((resolve) => {
    const utterance = new SpeechSynthesisUtterance(piece);
    utterance.lang = voice?.lang ?? lang;
    utterance.voice = voice;
    utterance.onend = () => resolve();
    utterance.onerror = () => resolve(); // it was stopped, or cannot be read
    speechSynthesis.speak(utterance);
  });
}
