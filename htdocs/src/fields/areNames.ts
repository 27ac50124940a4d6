/** Whether a text consists only of the names of these files, which a file manager adds to them. */
export function areNames(text: string, files: readonly { name: string }[]): boolean {
  const names = new Set(files.map(({ name }) => name));
  return text.split(/[\r\n]+/).every((line) => line.trim() === '' || names.has(nameIn(line)));
}

/** The name in a name, a path or a file address. */
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
