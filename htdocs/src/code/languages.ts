/** The languages that can be coloured, by every name that a code block may give them; known before any grammar is loaded. */
export const knownNames: ReadonlySet<string> = new Set(
  `arduino ino bash sh zsh c h cpp cc c++ h++ hpp hh hxx cxx csharp cs c# css diff patch go golang graphql gql ini toml java jsp
  javascript js jsx mjs cjs json jsonc json5 kotlin kt kts less lua pluto makefile mk mak make markdown md mkdown mkd
  objectivec mm objc obj-c obj-c++ objective-c++ perl pl pm php php-template python py gyp ipython python-repl pycon r
  ruby rb gemspec podspec thor irb rust rs scss shell console shellsession sql swift typescript ts tsx mts cts vbnet vb wasm
  xml html xhtml rss atom xjb xsd xsl plist wsf svg yaml yml`.split(/\s+/),
);

/**
 * Longer code stays plain. The time of some grammars grows with the square of the length of a single word (a key, minified code) or, in the C family,
 * of words without punctuation: with 50,000 characters the page would freeze for seconds.
 */
const longest = 20_000;
const longLine = /.{2001}/;

export function canBeColoured(language: string, code: string): boolean {
  return code.length <= longest && knownNames.has(language.toLowerCase()) && !longLine.test(code);
}
