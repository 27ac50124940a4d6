/** A fake server for the pages of administrators; it records the requests. */
import { configure, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, vi } from 'vitest';
import { keepLogin } from '../api/token';
import { forgetPageDrafts } from '../hooks/useFormDraft';
import type { Provider, SiteModel, SiteUser } from './api';

export const asked: { method: string; path: string; body: unknown }[] = [];
export const answers: Record<string, () => Response | Promise<Response>> = {};

/** Generous, because a busy machine is not a failure. */
configure({ asyncUtilTimeout: 30_000 });

/** Call this before each test. */
export function startAdmin(): void {
  asked.length = 0;
  forgetPageDrafts();
  for (const key of Object.keys(answers)) delete answers[key];
  answers['GET ai/assistants'] = () => Response.json({ assistants: [], defaultId: null });
  answers['GET admin/settings'] = () => Response.json({ version: 0, defaultAssistantId: null });
  keepLogin({ accessToken: 'token', expiresIn: 900, user: { id: '1', username: 'ada' } });
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  HTMLDialogElement.prototype.showModal ??= function show(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.open = false;
    this.dispatchEvent(new Event('close'));
  };
  vi.stubGlobal('fetch', async (url: string, { method = 'GET', body }: RequestInit) => {
    const path = url.replace(/^.*\/api\//, '');
    asked.push({ method, path, body: typeof body === 'string' ? JSON.parse(body) : undefined });
    const answer = answers[`${method} ${path}`] ?? answers[`${method} ${path.replace(/\?.*/, '')}`];
    return answer === undefined ? Response.json({}) : answer();
  });
}

export const refusal = (status: number, code: string, more: object = {}): Response =>
  new Response(JSON.stringify({ status, code, ...more }), { status, headers: { 'content-type': 'application/problem+json' } });

export const provider = (change: Partial<Provider> = {}): Provider => ({
  id: '10', name: 'Lamps', kind: 'openai', baseUrl: 'https://lamps.test/v1', hasKey: true, keyTail: 'wxyz', headers: {}, proxy: null, enabled: true, version: 3, locked: false, problem: null, ...change,
});

export const siteModel = (change: Partial<SiteModel> = {}): SiteModel => ({
  id: '20', providerId: '10', upstreamName: 'lamp-1', label: 'Lamp One', contextTokens: null, takes: '', options: null, temperature: null, maxTokens: null, effort: null,
  prices: { input: null, cached: null, output: null }, fallbackId: null, position: 0, enabled: true, isDefault: false, version: 5, locked: false, ...change,
});

export const siteUser = (change: Partial<SiteUser> = {}): SiteUser => ({
  id: '1', username: 'ada', role: 'admin', disabled: false, createTime: '2026-01-02T03:04:05Z', lastTime: null, ...change,
});

/** Chooses this item of that menu. */
export async function menu(of: string, item: string): Promise<void> {
  const button = screen.getByRole('button', { name: of });
  // Until the menu's code has arrived this is a plain button; afterwards it is the library's, which listens to keys.
  if (button.dataset['state'] === undefined) fireEvent.click(button, { detail: 0 });
  else fireEvent.keyDown(button, { key: 'Enter' });
  fireEvent.click(await screen.findByRole('menuitem', { name: item }));
  // Otherwise the closing menu would take the focus from what opens next.
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
  await new Promise((resolve) => setTimeout(resolve));
}
