import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'de', 'es', 'fr', 'ja', 'pt-BR', 'zh-CN'],
  fallbackLocales: { default: 'en' },
  catalogs: [
    { path: 'src/i18n/locales/{locale}', include: ['src'], exclude: ['**/*.test.*', 'src/admin/**'] },
    // Nobody waits for what only administrators read.
    { path: 'src/admin/locales/{locale}', include: ['src/admin'], exclude: ['**/*.test.*'] },
  ],
  format: formatter({ origins: false }),
});
