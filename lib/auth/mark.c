#include "auth/mark.h"

#include "auth/token.h"

#include <sodium.h>

void
mark_text(const struct secret_key *key, const char *context, const char *text,
	char out[TOKEN_LEN + 1])
{
	unsigned char derived[SECRET_DERIVED_LEN], hash[TOKEN_BYTES];

	secret_derive(key, context, derived);
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)text,
		strlen(text), derived, sizeof(derived));
	token_encode(hash, out);
	sodium_memzero(derived, sizeof(derived));
}
