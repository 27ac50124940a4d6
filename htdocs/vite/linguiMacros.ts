import { transformAsync } from '@babel/core';
import type { Plugin } from 'vite';

/** Turns the `t` and `plural` of lingui's macros into look-ups in a catalog; leaves other files as they are. */
export function linguiMacros(): Plugin {
  return {
    name: 'lamplight:lingui-macros',
    enforce: 'pre',
    transform: {
      filter: { id: /\.tsx?$/, code: /@lingui\/core\/macro/ },
      async handler(code, id) {
        const result = await transformAsync(code, {
          filename: id,
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          parserOpts: { plugins: id.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] },
          plugins: ['@lingui/babel-plugin-lingui-macro'],
        });
        return { code: result?.code ?? code, map: result?.map };
      },
    },
  };
}
