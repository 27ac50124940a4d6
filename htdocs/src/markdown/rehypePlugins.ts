import type { Options as Schema } from 'rehype-sanitize';
import { defaultRehypePlugins, type StreamdownProps } from 'streamdown';
import { alsoShown } from './rawHtml';

type Plugins = NonNullable<StreamdownProps['rehypePlugins']>;

/**
 * Streamdown's own, in its order; but a few more harmless elements are shown, and of a forbidden address only the text stays, without remarks in
 * English. (SafeLink and RemoteImage check every address again.)
 */
export const rehypePlugins: Plugins = Object.entries(defaultRehypePlugins).map(([name, plugin]) => {
  if (!Array.isArray(plugin)) return plugin;
  const [transform, options] = plugin;
  if (name === 'sanitize') return [transform, { ...options, tagNames: [...((options as Schema).tagNames ?? []), ...alsoShown] }];
  if (name !== 'harden') return plugin;
  return [transform, { ...options, linkBlockPolicy: 'text-only', imageBlockPolicy: 'text-only' }];
});
