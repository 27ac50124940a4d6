import { defaultRehypePlugins, type StreamdownProps } from 'streamdown';

type Plugins = NonNullable<StreamdownProps['rehypePlugins']>;

/**
 * Streamdown's own, in its order; but of an address that may not be used only the words stay, without remarks in English.
 * (SafeLink and RemoteImage look at every address once more.)
 */
export const rehypePlugins: Plugins = Object.entries(defaultRehypePlugins).map(([name, plugin]) => {
  if (name !== 'harden' || !Array.isArray(plugin)) return plugin;
  const [harden, options] = plugin;
  return [harden, { ...options, linkBlockPolicy: 'text-only', imageBlockPolicy: 'text-only' }];
});
