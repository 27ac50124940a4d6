#include "auth/token.h"

#include <sodium.h>

#define RANDOM_LEN 32

void
token_new(char out[TOKEN_LEN + 1])
{
	unsigned char bytes[RANDOM_LEN];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2base64(out, TOKEN_LEN + 1, bytes, sizeof(bytes),
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, sizeof(bytes));
}

void
token_hash(struct span text, char out[TOKEN_HASH_LEN])
{
	crypto_generichash((unsigned char *)out, TOKEN_HASH_LEN,
		(const unsigned char *)text.data, text.len, NULL, 0);
}
