#include "auth/seal.h"

#include <sodium.h>
#include <string.h>

#define CONTEXT "sealing_"
#define VERSION 1
#define KID_BYTES 8
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define HEAD (1 + KID_BYTES)

_Static_assert(SEAL_OVERHEAD == HEAD + NONCE + TAG, "as documented");

static void
put_kid(const struct secret_key *key, unsigned char out[KID_BYTES])
{
	sodium_base642bin(out, KID_BYTES, key->kid, strlen(key->kid), NULL,
		NULL, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

struct span
seal(const struct secret_ring *ring, struct arena *arena, const char *about,
	struct span text)
{
	unsigned char *out = arena_alloc(arena, SEAL_OVERHEAD + text.len);
	unsigned char key[SECRET_DERIVED_LEN];

	out[0] = VERSION;
	put_kid(&ring->keys[0], out + 1);
	randombytes_buf(out + HEAD, NONCE);
	secret_derive(&ring->keys[0], CONTEXT, key);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + HEAD + NONCE, NULL,
		(const unsigned char *)text.data, text.len,
		(const unsigned char *)about, strlen(about), NULL, out + HEAD,
		key);
	sodium_memzero(key, sizeof(key));
	return (struct span){ (char *)out, SEAL_OVERHEAD + text.len };
}

static const struct secret_key *
key_of(const struct secret_ring *ring, struct span sealed)
{
	unsigned char kid[KID_BYTES];

	if (sealed.len < SEAL_OVERHEAD || sealed.data[0] != VERSION)
		return NULL;
	for (unsigned i = 0; i < ring->n; i++) {
		put_kid(&ring->keys[i], kid);
		if (memcmp(kid, sealed.data + 1, KID_BYTES) == 0)
			return &ring->keys[i];
	}
	return NULL;
}

enum err
seal_open(const struct secret_ring *ring, struct arena *arena,
	const char *about, struct span sealed, struct span *out)
{
	const unsigned char *bytes = (const unsigned char *)sealed.data;
	const struct secret_key *sealer = key_of(ring, sealed);
	unsigned char key[SECRET_DERIVED_LEN], *text;
	int opened;

	if (sealer == NULL)
		return ERR_INTERNAL;
	text = arena_alloc(arena, sealed.len - SEAL_OVERHEAD + 1);
	secret_derive(sealer, CONTEXT, key);
	opened = crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL,
		bytes + HEAD + NONCE, sealed.len - HEAD - NONCE,
		(const unsigned char *)about, strlen(about), bytes + HEAD, key);
	sodium_memzero(key, sizeof(key));
	if (opened != 0)
		return ERR_INTERNAL;
	*out = (struct span){ (char *)text, sealed.len - SEAL_OVERHEAD };
	return OK;
}

bool
seal_is_current(const struct secret_ring *ring, struct span sealed)
{
	return key_of(ring, sealed) == &ring->keys[0];
}
