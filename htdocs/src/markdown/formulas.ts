/**
 * Formulas in the markdown parser: \( \), \[ \], $$ $$ and $ $. Never in code, and not where the same characters are money, a shell's variables, or
 * escaped brackets. Each becomes `<code class="language-math-…">`, which the sanitizer knows; prose/Formula.tsx draws it.
 */
import type { Extension as FromMarkdown, Handle } from 'mdast-util-from-markdown';
import type { Code, Construct, Effects, Extension, State, TokenizeContext } from 'micromark-util-types';
import { looksLikeMath, type Delimiter } from './looksLikeMath';

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    formulaBlock: 'formulaBlock';
    formulaInline: 'formulaInline';
    formulaLine: 'formulaLine';
  }
}

/** A longer text is not a formula. This also limits how much is read again if a formula has no end. */
const longest = { block: 10_000, inline: 2000 };

const dollar = 36;
const openParenthesis = 40;
const closeParenthesis = 41;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;

const isLineEnd = (code: Code): boolean => code !== null && code < -2;
const isBlank = (code: Code): boolean => code === -2 || code === -1 || code === 32;
const isAlphanumeric = (code: Code): boolean => code !== null && code > 0 && code < 128 && /[A-Za-z0-9]/.test(String.fromCharCode(code));
const isPunctuation = (code: Code): boolean => code === 44 || code === 46 || code === 58 || code === 59;

interface Writer {
  put(code: Code): void;
  end(): void;
}

/** Consumes the characters of a formula. The parser joins lines at their ends, so these are tokens of their own. */
function writer(effects: Effects, type: 'formulaBlock' | 'formulaInline'): Writer {
  let inLine = false;
  effects.enter(type);
  function endLine(): void {
    if (inLine) effects.exit('formulaLine');
    inLine = false;
  }
  return {
    put(code) {
      if (isLineEnd(code)) {
        endLine();
        effects.enter('lineEnding');
        effects.consume(code);
        effects.exit('lineEnding');
      } else {
        if (!inLine) effects.enter('formulaLine');
        inLine = true;
        effects.consume(code);
      }
    },
    end() {
      endLine();
      effects.exit(type);
    },
  };
}

/** Reads an opening mark; `next` receives it, at the character after it. */
function opening({ put }: Writer, next: (delimiter: Delimiter) => State, nok: State): State {
  const afterBackslash: State = (code) => {
    if (code !== openParenthesis && code !== openBracket) return nok(code);
    put(code);
    return next(code === openBracket ? '\\[' : '\\(');
  };
  const afterDollar: State = (code) => {
    if (code !== dollar) return next('$')(code);
    put(code);
    return (after) => (after === dollar ? nok(after) : next('$$')(after));
  };
  return (code) => {
    put(code);
    return code === dollar ? afterDollar : afterBackslash;
  };
}

/** What closes a formula: the first character, and the second one if there is one. */
const closings: Record<Delimiter, readonly [number, number?]> = {
  $: [dollar],
  $$: [dollar, dollar],
  '\\(': [backslash, closeParenthesis],
  '\\[': [backslash, closeBracket],
};

const text: Construct = {
  name: 'formulaInline',
  tokenize: tokenizeText,
};

/** A dollar after a letter or a digit belongs to it: US$, 25$. So does an escaped bracket: file\(s\). */
function tokenizeText(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
  if (isAlphanumeric(this.previous) || this.previous === dollar) return nok;
  let out: Writer;
  return (code) => {
    out = writer(effects, 'formulaInline');
    return opening(out, inside, nok)(code);
  };

  function inside(delimiter: Delimiter): State {
    const [first, second] = closings[delimiter];
    let content = '';
    return between;

    function between(code: Code): State | undefined {
      if (code === null || content.length > longest.inline || (delimiter === '$' && isLineEnd(code))) return nok(code);
      if (code === first && second === undefined) return close(code);
      out.put(code);
      if (code === first) return afterFirst;
      add(code);
      return code === backslash ? escaped : between;
    }
    function afterFirst(code: Code): State | undefined {
      if (code === second) return close(code);
      content += String.fromCharCode(first);
      return first === backslash ? escaped(code) : between(code);
    }
    /** The character after a backslash ends nothing. */
    function escaped(code: Code): State | undefined {
      if (code === null || isLineEnd(code)) return between(code);
      add(code);
      out.put(code);
      return between;
    }
    function add(code: number): void {
      content += code < 0 ? ' ' : String.fromCharCode(code);
    }
    function close(code: Code): State | undefined {
      if (!looksLikeMath(content, delimiter)) return nok(code);
      out.put(code);
      out.end();
      return (after) => (first === dollar && (after === dollar || isAlphanumeric(after)) ? nok(after) : ok(after));
    }
  }
}

/** A formula on lines of its own. It interrupts a paragraph if its first line shows that it is one. */
const flow: Construct = { name: 'formulaBlock', concrete: true, tokenize: tokenizeFlow };

function tokenizeFlow(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
  const self = this; // eslint-disable-line @typescript-eslint/no-this-alias
  let out: Writer;
  return (code) => {
    out = writer(effects, 'formulaBlock');
    return opening(out, (delimiter) => (delimiter === '$$' || delimiter === '\\[' ? inside(delimiter) : nok), nok)(code);
  };

  function inside(delimiter: '$$' | '\\['): State {
    const [first, second] = closings[delimiter];
    let content = '';
    let lines = 0;
    return between;

    function between(code: Code): State | undefined {
      if (code === null || content.length > longest.block) return nok(code);
      if (isLineEnd(code)) return lineEnd(code);
      out.put(code);
      if (code === first) return afterFirst;
      content += code < 0 ? ' ' : String.fromCharCode(code);
      return code === backslash ? escaped : between;
    }
    function escaped(code: Code): State | undefined {
      if (code === null || code < 0) return between(code);
      content += String.fromCharCode(code);
      out.put(code);
      return between;
    }
    function afterFirst(code: Code): State | undefined {
      if (code !== second) {
        content += String.fromCharCode(first);
        return first === backslash ? escaped(code) : between(code);
      }
      out.put(code);
      return afterClosing;
    }
    function lineEnd(code: Code): State | undefined {
      if (self.interrupt) return content.trim() === '' ? ok(code) : nok(code);
      out.put(code);
      content += '\n';
      lines++;
      return lineStart;
    }
    /** A blank line ends a formula that does not open alone on its line, and every \[; the text after it is not searched. */
    function lineStart(code: Code): State | undefined {
      if (code === null || self.parser.lazy[self.now().line]) return nok(code);
      if (isLineEnd(code) && (delimiter === '\\[' || !content.startsWith('\n'))) return nok(code);
      return between(code);
    }
    function afterClosing(code: Code): State | undefined {
      if (isBlank(code) || isPunctuation(code)) {
        out.put(code);
        return afterClosing;
      }
      if ((code !== null && !isLineEnd(code)) || !(lines > 0 ? content.trim() !== '' : looksLikeMath(content, delimiter))) return nok(code);
      out.end();
      return ok(code);
    }
  }
}

const syntax: Extension = {
  flow: { [dollar]: flow, [backslash]: flow },
  text: { [dollar]: text, [backslash]: text },
};

/** The content between the marks; text after a closing mark (a full stop) belongs to the formula. */
function contentOf(source: string): [delimiter: Delimiter, content: string] {
  const delimiter = (/^(?:\$\$?|\\[([])/.exec(source)?.[0] ?? '$') as Delimiter;
  const [, content = '', mark = ''] = /^([\s\S]*)(?:\$\$?|\\[)\]])[ \t]*([.,;:]*)[ \t]*$/.exec(source.slice(delimiter.length)) ?? [];
  return [delimiter, delimiter === '$$' && content.endsWith('$') ? content.slice(0, -1) + mark : content + mark];
}

const enter: Handle = function (token) {
  const [delimiter, content] = contentOf(this.sliceSerialize(token));
  const kind = token.type === 'formulaBlock' ? 'block' : delimiter === '$' || delimiter === '\\(' ? 'inline' : 'large';
  const value = content.trim();
  const data = { hName: 'code', hProperties: { className: [`language-math-${kind}`] }, hChildren: [{ type: 'text' as const, value }] };
  this.enter({ type: 'inlineCode', value, data }, token);
};
const exit: Handle = function (token) {
  this.exit(token);
};

const nodes: FromMarkdown = {
  enter: { formulaBlock: enter, formulaInline: enter },
  exit: { formulaBlock: exit, formulaInline: exit },
};

interface Processor {
  data(): { micromarkExtensions?: unknown[]; fromMarkdownExtensions?: unknown[] };
}

export default function formulas(this: unknown): void {
  const data = (this as Processor).data();
  (data.micromarkExtensions ??= []).push(syntax);
  (data.fromMarkdownExtensions ??= []).push(nodes);
}
