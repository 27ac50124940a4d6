import { apiUrl } from '../base';
import { reach } from './http';
import { problemOf } from './problem';

export interface Site {
  siteName: string;
  /** "off": only with a link from the operator; "invite": with the code of an invitation. */
  registration: 'on' | 'off' | 'invite';
  /** Whether the operator has stated what is kept, and for how long. */
  privacy?: boolean;
  /** How long temporary chats stay after their last message; 0 if there are no temporary chats. */
  temporaryHours?: number;
}

/** What the server tells everybody about itself. */
export async function readSite(): Promise<Site> {
  const response = await reach(apiUrl('config'), { method: 'GET' });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Site;
}

/** The operator's statement about what is kept, in Markdown. */
export async function readPrivacy(): Promise<string> {
  const response = await reach(apiUrl('privacy'), { method: 'GET' });
  if (!response.ok) throw await problemOf(response);
  return ((await response.json()) as { text: string }).text;
}
