/**
 * The path of the application, with a trailing slash: "/" or "/chat/". The page says how far up that is (index.html "./", s/index.html "../"), so the
 * same build works under any path.
 */
export const basePath = new URL(document.documentElement.dataset['base'] ?? './', location.href).pathname;

export function apiUrl(path: string): string {
  return `${basePath}api/${path}`;
}

const sessionPath = /^s\/([^/]+)\/?$/;
/** Stands for an invalid id in an address, because the server does not know it either. */
const nobody = '0';

/** The URL of a session, or of the empty page. */
export function urlOfSession(sessionId: string | null): string {
  return sessionId === null ? basePath : `${basePath}s/${sessionId}`;
}

/** The URL of a message in a session. */
export function urlOfMessage(sessionId: string, messageId: string): string {
  return `${urlOfSession(sessionId)}?m=${messageId}`;
}

/** The message that a URL's query names. */
export function messageOfUrl(search: string): string | null {
  const id = new URLSearchParams(search).get('m');
  return id !== null && /^\d{1,20}$/.test(id) ? id : null;
}

/** The URL of a new chat with an assistant. */
export function urlOfAssistant(assistantId: string): string {
  return `${basePath}?assistant=${assistantId}`;
}

/** The assistant or the model that a URL's query names for a new chat. */
export function linkedOfUrl(search: string, what: 'assistant' | 'model'): string | null {
  const id = new URLSearchParams(search).get(what);
  return id === null || /^(\d{1,20}|configured)$/.test(id) ? id : nobody;
}

/** The session that a URL path names. */
export function sessionOfUrl(pathname: string): string | null {
  if (!pathname.startsWith(basePath)) return null;
  const [, id] = sessionPath.exec(pathname.slice(basePath.length)) ?? [];
  return id === undefined || /^\d{1,20}$/.test(id) ? (id ?? null) : nobody;
}
