#include "auth/token.h"

#include <sodium.h>

void
token_encode(const unsigned char bytes[TOKEN_BYTES], char out[TOKEN_LEN + 1])
{
	sodium_bin2base64(out, TOKEN_LEN + 1, bytes, TOKEN_BYTES,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
token_new(char out[TOKEN_LEN + 1])
{
	unsigned char bytes[TOKEN_BYTES];

	randombytes_buf(bytes, sizeof(bytes));
	token_encode(bytes, out);
	sodium_memzero(bytes, sizeof(bytes));
}

void
token_hash(struct span text, char out[TOKEN_HASH_LEN])
{
	crypto_generichash((unsigned char *)out, TOKEN_HASH_LEN,
		(const unsigned char *)text.data, text.len, NULL, 0);
}

_Static_assert(TOKEN_KEY_LEN == crypto_shorthash_siphashx24_KEYBYTES &&
		TOKEN_MARK_LEN == crypto_shorthash_siphashx24_BYTES,
	"as the library has it");

void
token_key(unsigned char out[TOKEN_KEY_LEN])
{
	randombytes_buf(out, TOKEN_KEY_LEN);
}

void
token_mark(const unsigned char key[TOKEN_KEY_LEN], struct span text,
	unsigned char out[TOKEN_MARK_LEN])
{
	crypto_shorthash_siphashx24(
		out, (const unsigned char *)text.data, text.len, key);
}

bool
token_equal(struct span a, struct span b)
{
	return a.len == b.len && sodium_memcmp(a.data, b.data, a.len) == 0;
}
