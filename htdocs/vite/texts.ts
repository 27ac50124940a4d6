/** Which files contain which texts. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { transformSync } from '@babel/core';

/** What a reader waits for: the page, the workspace, and the code that draws replies. */
export const firstFiles: readonly string[] = ['src/main.tsx', 'src/workspace.ts', 'src/prose/MarkdownBody.tsx'];

/** The ids of a file's texts, as the macro makes them. */
export function idsIn(path: string): string[] {
  const source = readFileSync(path, 'utf8');
  if (!source.includes('@lingui/core/macro')) return [];
  const code = transformSync(source, {
    filename: path,
    babelrc: false,
    configFile: false,
    parserOpts: { plugins: ['typescript', 'jsx'] },
    plugins: [['@lingui/babel-plugin-lingui-macro', { extract: true }]], // otherwise a build removes the texts
  })?.code;
  return [...(code ?? '').matchAll(/\bid: "([^"]+)",\s*message:/g)].map(([, id]) => id ?? '');
}

/** These files and everything that they import, without what they load when it is needed. */
export function loadedWith(paths: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const name of importsIn(readFileSync(path, 'utf8'))) {
      const file = fileOf(join(dirname(path), name));
      if (file !== undefined) visit(file);
    }
  };
  for (const path of paths) visit(normalize(path));
  return found;
}

/** The parts of the page that a file loads when they are needed, and whether it loads their texts, too. */
export function partsIn(path: string): { part: string; withTexts: boolean }[] {
  return [...readFileSync(path, 'utf8').matchAll(/(withTexts\()?\bimport\('(\.[^']+)'\)/g)].flatMap(([, wrapped, name = '']) => {
    const part = fileOf(join(dirname(path), name));
    return part === undefined ? [] : [{ part, withTexts: wrapped !== undefined }];
  });
}

function importsIn(source: string): string[] {
  return [...source.matchAll(/^(?:import|export)\s(?!type\b)(?:[^;']*?\sfrom\s)?'(\.[^']+)'/gm)].map(([, name = '']) => name);
}

function fileOf(path: string): string | undefined {
  return [`${path}.ts`, `${path}.tsx`].find(existsSync);
}
