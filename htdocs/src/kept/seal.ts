/**
 * Everything in the browser's storage is sealed (XChaCha20-Poly1305), with a key that the server gives to the logged-in user: after a log-out, nobody
 * else who uses this browser can read what was typed. WebCrypto is not used, because a page without TLS does not have it, and it cannot seal a draft
 * within the key press.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';

const nonceLength = 24;

/** The current key first, then those from before the server changed its secret. */
let keys: Uint8Array[] = [];

/** As the server sends them: in base64url. */
export function holdKeys(told: readonly string[]): void {
  keys = told.map((text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0)));
}

export function dropKeys(): void {
  keys = [];
}

/** `about`: where the value is stored, so that it cannot be opened elsewhere. null if there is no key, so nothing may be stored. */
export function seal(about: string, value: unknown): Uint8Array<ArrayBuffer> | null {
  const [key] = keys;
  if (key === undefined) return null;
  const nonce = crypto.getRandomValues(new Uint8Array(nonceLength));
  const text = xchacha20poly1305(key, nonce, bytesOf(about)).encrypt(bytesOf(JSON.stringify(value)));
  const sealed = new Uint8Array(nonceLength + text.length);
  sealed.set(nonce);
  sealed.set(text, nonceLength);
  return sealed;
}

/** undefined if it belongs to another user, has a lost key, or was stored elsewhere. */
export function open(about: string, sealed: Uint8Array): unknown {
  for (const key of keys) {
    try {
      const cipher = xchacha20poly1305(key, sealed.subarray(0, nonceLength), bytesOf(about));
      return JSON.parse(new TextDecoder().decode(cipher.decrypt(sealed.subarray(nonceLength)))) as unknown;
    } catch {
      // The next key may fit.
    }
  }
  return undefined;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
