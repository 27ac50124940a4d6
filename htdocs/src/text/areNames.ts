/** A text that says nothing but what these files are called: a file manager puts it beside them. */
export function areNames(text: string, files: readonly { name: string }[]): boolean {
  const names = new Set(files.map(({ name }) => name));
  return text.split(/[\r\n]+/).every((line) => line.trim() === '' || names.has(nameIn(line)));
}

/** Of a name, a path or an address of a file. */
function nameIn(line: string): string {
  const name = line.trim().replace(/^"(.*)"$/, '$1').replace(/^.*[/\\]/, '');
  return /^\s*file:/i.test(line) ? decoded(name) : name;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
