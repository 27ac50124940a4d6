/** The file name under which a block of code is saved. */

/** Endings by every name that a code block may give a language; any other name is used as the ending if it looks like one. */
const endings: Readonly<Record<string, string>> = {
  arduino: 'ino', bash: 'sh', zsh: 'sh', shell: 'sh', console: 'sh', shellsession: 'sh', 'c++': 'cpp', cc: 'cpp', 'c#': 'cs', csharp: 'cs', clojure: 'clj', elixir: 'ex', erlang: 'erl',
  fortran: 'f90', fsharp: 'fs', 'f#': 'fs', golang: 'go', haskell: 'hs', javascript: 'js', julia: 'jl', kotlin: 'kt', latex: 'tex', markdown: 'md', matlab: 'm', mermaid: 'mmd',
  'objective-c': 'm', objectivec: 'm', perl: 'pl', plaintext: 'txt', text: 'txt', powershell: 'ps1', pwsh: 'ps1', py: 'py', python: 'py', python3: 'py', ruby: 'rb', rust: 'rs', typescript: 'ts',
  vbnet: 'vb', yaml: 'yml', batch: 'bat', golfscript: 'gs', 'php-template': 'php', pycon: 'py', 'python-repl': 'py', graphql: 'graphql', terraform: 'tf', hcl: 'tf', solidity: 'sol', svelte: 'svelte', vue: 'vue',
};
const names: Readonly<Record<string, string>> = { dockerfile: 'Dockerfile', docker: 'Dockerfile', makefile: 'Makefile', make: 'Makefile', mk: 'Makefile', cmake: 'CMakeLists.txt', nginx: 'nginx.conf' };

export function codeFileName(language: string, code: string): string {
  const word = language.toLowerCase();
  return namedIn(code) ?? names[word] ?? `code.${endings[word] ?? (/^[a-z][a-z0-9]{0,9}$/.test(word) ? word : 'txt')}`;
}

/** Models like to begin with a comment that names the file; its last component is used, never a path. */
function namedIn(code: string): string | null {
  const line = /^\s*(?:#!.*\n)?\s*(?:\/\/|#|--|;|%|\/\*+|<!--|"""|\(\*)\s*(?:file(?:name)?\s*:\s*)?((?:[\w.@-]+[/\\])*[\w@-][\w.@-]*\.[a-z][a-z0-9]{0,9})\s*(?:\*\/|-->|"""|\*\))?\s*(?:\n|$)/i.exec(code.slice(0, 400));
  const name = line?.[1]?.split(/[/\\]/).at(-1);
  return name === undefined || name.length > 80 ? null : name;
}
