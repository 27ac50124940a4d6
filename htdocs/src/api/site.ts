import { apiUrl } from '../base';
import { reach } from './http';
import { problemOf } from './problem';

export interface Site {
  siteName: string;
  /** "off": only with a link that the operator gave; "invite": with the code of an invitation. */
  registration: 'on' | 'off' | 'invite';
  /** Whether the operator says what is kept and for how long. */
  privacy?: boolean;
  /** How long temporary chats stay after their last message; 0: there are none. */
  temporaryHours?: number;
}

/** What the server tells anybody of itself. */
export async function readSite(): Promise<Site> {
  const response = await reach(apiUrl('config'), { method: 'GET' });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Site;
}

/** What the operator says about what is kept: Markdown. */
export async function readPrivacy(): Promise<string> {
  const response = await reach(apiUrl('privacy'), { method: 'GET' });
  if (!response.ok) throw await problemOf(response);
  return ((await response.json()) as { text: string }).text;
}
