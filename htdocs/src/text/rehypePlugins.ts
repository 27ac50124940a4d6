import type { Options as Schema } from 'rehype-sanitize';
import { defaultRehypePlugins, type StreamdownProps } from 'streamdown';
import { alsoShown } from './rawHtml';

type Plugins = NonNullable<StreamdownProps['rehypePlugins']>;

/**
 * Streamdown's own, in its order; but a few more elements that do no harm are shown, and of an address that may not be used only the words
 * stay, without remarks in English.
 * (SafeLink and RemoteImage look at every address once more.)
 */
export const rehypePlugins: Plugins = Object.entries(defaultRehypePlugins).map(([name, plugin]) => {
  if (!Array.isArray(plugin)) return plugin;
  const [transform, options] = plugin;
  if (name === 'sanitize') return [transform, { ...options, tagNames: [...((options as Schema).tagNames ?? []), ...alsoShown] }];
  if (name !== 'harden') return plugin;
  return [transform, { ...options, linkBlockPolicy: 'text-only', imageBlockPolicy: 'text-only' }];
});
