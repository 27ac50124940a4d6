import { call } from './http';

export interface Config {
  model: string;
  /** Whether the model gives titles to chats. */
  titles: boolean;
  /** The operator's suggestions for a first message: for everybody, or by language. */
  suggestions?: string[] | Record<string, string[]>;
  /** The largest request body, in bytes. */
  maxBodyBytes: number;
}

let config: Promise<Config> | undefined;

/** The server's limits; requested once. */
export function readConfig(): Promise<Config> {
  config ??= fetchConfig().catch((error: unknown) => {
    config = undefined; // the next caller tries again
    throw error;
  });
  return config;
}

async function fetchConfig(): Promise<Config> {
  return (await (await call('GET', 'ai/config')).json()) as Config;
}
