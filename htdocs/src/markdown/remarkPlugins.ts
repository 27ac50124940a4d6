import { defaultRemarkPlugins, type StreamdownProps } from 'streamdown';
import { cjkEmphasis, linkEnds } from './cjk';
import formulas from './formulas';

type Plugins = NonNullable<StreamdownProps['remarkPlugins']>;

/** Streamdown's own, in its order, and ours. A single tilde strikes nothing through, because people write "~5 to ~10 minutes". */
export const remarkPlugins: Plugins = [
  ...Object.entries(defaultRemarkPlugins).map(([name, plugin]) => (name === 'gfm' && Array.isArray(plugin) ? [plugin[0], { singleTilde: false }] : plugin) as Plugins[number]),
  cjkEmphasis as Plugins[number],
  formulas as Plugins[number],
  linkEnds,
];
