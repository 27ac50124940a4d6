import type { Plugin, Rollup } from 'vite';

/** What public/first.js may fetch ahead: the attributes of its script element, and the module for each. */
const ahead = {
  'data-workspace': 'src/workspace.ts',
  ...Object.fromEntries(['en', 'de', 'es', 'fr', 'pt-BR', 'ja', 'zh-CN'].map((language) => [`data-${language.slice(0, 2)}`, `src/i18n/locales/${language}.po`])),
  'data-markdown': 'src/prose/MarkdownBody.tsx',
};

/**
 * Writes the file names into index.html: each module's own and those of its imports, without those that the page loads
 * anyway.
 */
export function fetchedAhead(): Plugin {
  return {
    name: 'lamplight:fetched-ahead',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') this.error('index.html is not in the bundle');
      const filesOf = (module: string): string[] => {
        const chunk = Object.values(bundle).find((each) => each.type === 'chunk' && each.moduleIds.some((id) => id.endsWith(`/${module}`)));
        if (chunk?.type !== 'chunk') this.error(`${module} is in no chunk`);
        return withImports(chunk, bundle);
      };
      const known = new Set(filesOf('src/main.tsx'));
      let html = page.source.toString();
      for (const [attribute, module] of Object.entries(ahead)) {
        const files = filesOf(module).filter((file) => !known.has(file));
        if (!html.includes(`${attribute}=""`)) this.error(`index.html has no place for ${attribute}`);
        html = html.replace(`${attribute}=""`, `${attribute}="${files.join(' ')}"`);
        for (const file of files) known.add(file);
      }
      page.source = html;
    },
  };
}

function withImports(chunk: Rollup.OutputChunk, bundle: Rollup.OutputBundle, found = new Set<string>()): string[] {
  found.add(chunk.fileName);
  for (const name of chunk.imports) {
    const imported = bundle[name];
    if (imported?.type === 'chunk' && !found.has(name)) withImports(imported, bundle, found);
  }
  return [...found];
}
