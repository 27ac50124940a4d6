/** What an administrator asks of the server: the program admin.fcgi. */
import { call } from '../api/http';
import type { Effort } from '../api/models';

export const kinds = ['openai', 'responses', 'anthropic', 'gemini'] as const;
export type Kind = (typeof kinds)[number];

/** Whoever changes a row says which version of it was seen. */
interface Row {
  id: string;
  version: number;
  /** It comes from the server's configuration, and only there it can be changed. */
  locked: boolean;
}

export interface Provider extends Row {
  name: string;
  kind: Kind;
  baseUrl: string;
  hasKey: boolean;
  /** The key's last characters; null where that would say too much. */
  keyTail: string | null;
  /** Names; each value is `hiddenValue`. */
  headers: Record<string, string> | null;
  /** Empty: none; null: the server's. */
  proxy: string | null;
  enabled: boolean;
  /** "sealed": its key was stored under another secret of the server's, and cannot be read; "lost": and that one will not come back. */
  problem: string | null;
}

/** What stands for a header's value, and leaves it as it is when it is sent. */
export const hiddenValue = '...';

/** In millionths of the currency for a million tokens. */
export interface Prices {
  input: number | null;
  cached: number | null;
  output: number | null;
}

export interface SiteModel extends Row {
  providerId: string;
  upstreamName: string;
  label: string;
  contextTokens: number | null;
  /** What it is known to take or not: words as of llm.takes. */
  takes: string;
  options: Record<string, unknown> | null;
  temperature: number | null;
  maxTokens: number | null;
  effort: Effort | null;
  prices: Prices;
  fallbackId: string | null;
  position: number;
  enabled: boolean;
  isDefault: boolean;
}

export type ProviderChange = Partial<Omit<Provider, 'id' | 'version' | 'locked' | 'hasKey' | 'keyTail' | 'problem'>> & { key?: string };
export type ModelChange = Partial<Omit<SiteModel, 'id' | 'version' | 'locked'>>;

export async function readProviders(): Promise<Provider[]> {
  return (await answer<{ providers: Provider[] }>('GET', 'admin/providers')).providers;
}

export async function readSiteModels(): Promise<SiteModel[]> {
  return (await answer<{ models: SiteModel[] }>('GET', 'admin/models')).models;
}

/** With the version of the row as it was seen, or else a new one. */
export async function saveProvider(seen: Provider | null, change: ProviderChange): Promise<void> {
  await save('admin/providers', seen, change);
}

export async function saveModel(seen: SiteModel | null, change: ModelChange): Promise<void> {
  await save('admin/models', seen, change);
}

export async function removeProvider({ id }: Provider): Promise<void> {
  await call('DELETE', `admin/providers/${id}`);
}

export async function removeModel({ id }: SiteModel): Promise<void> {
  await call('DELETE', `admin/models/${id}`);
}

/** The names of the models that the provider has. */
export async function readOffers(providerId: string, signal: AbortSignal): Promise<string[]> {
  const response = await call('GET', `admin/providers/${providerId}/offers`, undefined, { signal });
  return ((await response.json()) as { models: string[] }).models;
}

export const checks = ['list', 'answer', 'tools', 'images', 'reasoning'] as const;

export interface Check {
  name: string;
  ok: boolean;
  /** A sentence of the server's. */
  detail: string;
}

/** Asks the model; takes as long as its answers do. What was found out about it is stored. */
export async function testModel({ id }: SiteModel, signal: AbortSignal): Promise<Check[]> {
  const response = await call('POST', `admin/models/${id}/test`, {}, { signal });
  return ((await response.json()) as { checks: Check[] }).checks;
}

export type Role = 'user' | 'admin';

export interface SiteUser {
  id: string;
  username: string;
  role: Role;
  disabled: boolean;
  createTime: string;
  /** When one of its logins was used last. */
  lastTime: string | null;
}

export interface UserPage {
  users: SiteUser[];
  /** Where the next page begins; null at the end. */
  next: string | null;
}

export function readUsers(search: string, after: string | null): Promise<UserPage> {
  const query = new URLSearchParams({ ...(search !== '' && { search }), ...(after !== null && { after }) }).toString();
  return answer<UserPage>('GET', `admin/users${query === '' ? '' : `?${query}`}`);
}

export async function addUser(username: string, password: string): Promise<void> {
  await call('POST', 'admin/users', { username, password });
}

export async function changeUser({ id }: SiteUser, change: { role?: Role; disabled?: boolean }): Promise<void> {
  await call('PATCH', `admin/users/${id}`, change);
}

/** All logins of the account end. */
export async function setPassword({ id }: SiteUser, password: string): Promise<void> {
  await call('POST', `admin/users/${id}/password`, { password });
}

export const usageKinds = ['user', 'model', 'day'] as const;
export type UsageKind = (typeof usageKinds)[number];

/** What one user, model or day has used; whoever or whatever is gone has no name. */
export interface SiteUse {
  userId?: string | null;
  username?: string | null;
  modelId?: string | null;
  label?: string | null;
  /** YYYY-MM-DD, UTC. */
  day?: string | null;
  replies: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  /** In millionths; null: no price is known. */
  cost: number | null;
}

/** Of the last days, today among them; `after`: where a page begins. */
export function readSiteUsage(by: UsageKind, days: number, after: string | null): Promise<{ rows: SiteUse[]; next: string | null }> {
  const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const query = new URLSearchParams({ from: day(days - 1), to: day(0), by, ...(after !== null && { after }) });
  return answer('GET', `admin/usage?${query.toString()}`);
}

/** What holds for the whole site. */
export interface Settings {
  version: number;
  defaultAssistantId: string | null;
}

export function readSettings(): Promise<Settings> {
  return answer<Settings>('GET', 'admin/settings');
}

export async function saveSettings({ version }: Settings, change: Partial<Omit<Settings, 'version'>>): Promise<void> {
  await call('PATCH', 'admin/settings', { version, ...change });
}

async function save(path: string, seen: Row | null, change: object): Promise<void> {
  if (seen === null) await call('POST', path, change);
  else await call('PATCH', `${path}/${seen.id}`, { version: seen.version, ...change });
}

async function answer<T>(method: string, path: string): Promise<T> {
  return (await (await call(method, path)).json()) as T;
}
