import { call } from './http';

export interface Config {
  model: string;
  /** Whether the model names chats. */
  titles: boolean;
  /** What the operator suggests for a first message: to everybody, or by language. */
  suggestions?: string[] | Record<string, string[]>;
  /** The largest body of a request. */
  maxBodyBytes: number;
}

let config: Promise<Config> | undefined;

/** What the server allows; asked once. */
export function readConfig(): Promise<Config> {
  config ??= fetchConfig().catch((error: unknown) => {
    config = undefined; // the next asker tries again
    throw error;
  });
  return config;
}

async function fetchConfig(): Promise<Config> {
  return (await (await call('GET', 'ai/config')).json()) as Config;
}
