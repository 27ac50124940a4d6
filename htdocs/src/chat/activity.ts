/** What goes on at the end of a chat. */
export type Activity = 'none' | 'replying' | 'reconnecting';
