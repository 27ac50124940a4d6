// Creates conversations through the API before a test.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { baseUrl, password } from './browser.mjs';

export async function tokenOf({ username }) {
  const response = await call('POST', 'auth/login', undefined, { username, password });
  return (await response.json()).accessToken;
}

export async function call(method, path, token, body) {
  const response = await fetch(new URL(`api/${path}`, baseUrl), {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response;
}

/** Creates a session whose reply has been stopped; resolves to its id. */
export async function seedSession(token, text) {
  const messages = [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }];
  const response = await call('POST', 'ai/chat', token, { id: randomUUID(), messages, trigger: 'submit-message' });
  const id = response.headers.get('x-session-id');
  await call('POST', `ai/chat/${id}/stop`, token);
  await response.text();
  return id;
}

/** Creates this many sessions; "Topic 1" is the oldest. */
export async function seedSessions(token, count) {
  const ids = [];
  for (let n = 1; n <= count; n++) ids.push(await seedSession(token, `Topic ${n}`));
  return ids;
}
