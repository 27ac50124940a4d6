/**
 * What lies in the browser's storage is sealed (XChaCha20-Poly1305), under a key that the server tells whoever logs in: after a log-out
 * nobody else who uses this browser can read what was typed. Not by WebCrypto, which a page without TLS does not have, and which cannot
 * seal a draft before the key press is over.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';

const nonceLength = 24;

/** The one in use first; those of before the server changed its secret after it. */
let keys: Uint8Array[] = [];

/** As the server tells them: base64url. */
export function holdKeys(told: readonly string[]): void {
  keys = told.map((text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0)));
}

export function dropKeys(): void {
  keys = [];
}

/** `about`: where it lies, so that it cannot be opened elsewhere. null: there is no key, so nothing may be kept. */
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

/** undefined: somebody else's, of a key that is gone, or not what was kept there. */
export function open(about: string, sealed: Uint8Array): unknown {
  for (const key of keys) {
    try {
      const cipher = xchacha20poly1305(key, sealed.subarray(0, nonceLength), bytesOf(about));
      return JSON.parse(new TextDecoder().decode(cipher.decrypt(sealed.subarray(nonceLength)))) as unknown;
    } catch {
      // The next key may be the one.
    }
  }
  return undefined;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
