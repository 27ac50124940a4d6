/** The requests of administrators to the server: the program admin.fcgi. */
import { call } from '../api/http';
import type { Effort } from '../api/models';

export const kinds = ['openai', 'responses', 'anthropic', 'gemini'] as const;
export type Kind = (typeof kinds)[number];

/** Every change names the version of the row that was seen. */
interface Row {
  id: string;
  version: number;
  /** The row comes from the server's configuration, and can only be changed there. */
  locked: boolean;
}

export interface Provider extends Row {
  name: string;
  kind: Kind;
  baseUrl: string;
  hasKey: boolean;
  /** The key's last characters; null if they would reveal too much. */
  keyTail: string | null;
  /** By name; each value is `hiddenValue`. */
  headers: Record<string, string> | null;
  /** Empty for none; null for the server's. */
  proxy: string | null;
  enabled: boolean;
  /** "sealed": the key was stored under another secret of the server, and cannot be read; "lost": that secret is gone for good. */
  problem: string | null;
}

/** Stands for a header's value; if it is sent, the value stays unchanged. */
export const hiddenValue = '...';

/** In millionths of the currency per million tokens. */
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
  /** What it is known to accept or refuse, in the words of llm.takes. */
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

type ProviderChange = Partial<Omit<Provider, 'id' | 'version' | 'locked' | 'hasKey' | 'keyTail' | 'problem'>> & { key?: string };
export type ModelChange = Partial<Omit<SiteModel, 'id' | 'version' | 'locked'>>;

export async function readProviders(): Promise<Provider[]> {
  return (await answer<{ providers: Provider[] }>('GET', 'admin/providers')).providers;
}

export async function readSiteModels(): Promise<SiteModel[]> {
  return (await answer<{ models: SiteModel[] }>('GET', 'admin/models')).models;
}

/** Names the version of the row that was seen; without one, creates a row. */
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

/** The names of the models that the provider offers. */
export async function readOffers(providerId: string, signal: AbortSignal): Promise<string[]> {
  const response = await call('GET', `admin/providers/${providerId}/offers`, undefined, { signal });
  return ((await response.json()) as { models: string[] }).models;
}

export const checks = ['list', 'answer', 'tools', 'images', 'reasoning'] as const;

export interface Check {
  name: string;
  ok: boolean;
  /** A sentence from the server. */
  detail: string;
}

/** Tries the model out, which takes as long as its answers. What is learned is stored. */
export async function testModel({ id }: SiteModel, signal: AbortSignal): Promise<Check[]> {
  const response = await call('POST', `admin/models/${id}/test`, {}, { signal });
  return ((await response.json()) as { checks: Check[] }).checks;
}

type Role = 'user' | 'admin';

export interface SiteUser {
  id: string;
  username: string;
  role: Role;
  disabled: boolean;
  createTime: string;
  /** When one of its logins was last used. */
  lastTime: string | null;
}

interface UserPage {
  users: SiteUser[];
  /** The start of the next page; null at the end. */
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

/** Ends all logins of the account. */
export async function setPassword({ id }: SiteUser, password: string): Promise<void> {
  await call('POST', `admin/users/${id}/password`, { password });
}

export const usageKinds = ['user', 'model', 'day'] as const;
export type UsageKind = (typeof usageKinds)[number];

/** The use by one user or model, or on one day; a deleted one has no name. */
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
  /** In millionths; null if no price is known. */
  cost: number | null;
}

/** The last days, including today; `after` is the start of a page. */
export function readSiteUsage(by: UsageKind, days: number, after: string | null): Promise<{ rows: SiteUse[]; next: string | null }> {
  const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const query = new URLSearchParams({ from: day(days - 1), to: day(0), by, ...(after !== null && { after }) });
  return answer('GET', `admin/usage?${query.toString()}`);
}

/** The settings of the whole site. */
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
