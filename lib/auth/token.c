#include "auth/token.h"

#include "base/id.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#define RANDOM_LEN 32
#define SECRET_CONTEXT "refresh_"
#define FAMILY_CONTEXT "family__"

static void
put_base64(const unsigned char bytes[RANDOM_LEN], char out[TOKEN_LEN + 1])
{
	sodium_bin2base64(out, TOKEN_LEN + 1, bytes, RANDOM_LEN,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
token_new(char out[TOKEN_LEN + 1])
{
	unsigned char bytes[RANDOM_LEN];

	randombytes_buf(bytes, sizeof(bytes));
	put_base64(bytes, out);
	sodium_memzero(bytes, sizeof(bytes));
}

void
token_hash(struct span text, char out[TOKEN_HASH_LEN])
{
	crypto_generichash((unsigned char *)out, TOKEN_HASH_LEN,
		(const unsigned char *)text.data, text.len, NULL, 0);
}

bool
token_equal(struct span a, struct span b)
{
	return a.len == b.len && sodium_memcmp(a.data, b.data, a.len) == 0;
}

void
token_mark(const struct secret_key *key, const char *context, const char *text,
	char out[TOKEN_LEN + 1])
{
	unsigned char derived[SECRET_DERIVED_LEN], hash[RANDOM_LEN];

	secret_derive(key, context, derived);
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)text,
		strlen(text), derived, sizeof(derived));
	put_base64(hash, out);
	sodium_memzero(derived, sizeof(derived));
}

/* ---- refresh tokens */

static void
put_refresh(uint64_t login_id, struct span family, const char *secret,
	char out[REFRESH_LEN + 1])
{
	snprintf(out, REFRESH_LEN + 1, "%" PRIu64 ".%.*s.%s", login_id,
		(int)family.len, family.data, secret);
}

void
refresh_new(uint64_t login_id, char out[REFRESH_LEN + 1])
{
	char family[TOKEN_LEN + 1], secret[TOKEN_LEN + 1];

	token_new(family);
	token_new(secret);
	put_refresh(login_id, span_of(family), secret, out);
}

/* "<id>.<family>.<secret>"; false for a token without dots. */
static bool
split(const char *token, struct span *id, struct span *family)
{
	size_t id_len = strcspn(token, "."), family_len;

	if (token[id_len] == '\0')
		return false;
	family_len = strcspn(token + id_len + 1, ".");
	*id = (struct span){ token, id_len };
	*family = (struct span){ token + id_len + 1, family_len };
	return true;
}

void
refresh_next(const struct secret_key *key, uint64_t login_id, const char *token,
	char out[REFRESH_LEN + 1])
{
	char first_family[TOKEN_LEN + 1], secret[TOKEN_LEN + 1];
	struct span id, family;

	token_mark(key, SECRET_CONTEXT, token, secret);
	if (!split(token, &id, &family)) {
		token_mark(key, FAMILY_CONTEXT, token, first_family);
		family = span_of(first_family);
	}
	put_refresh(login_id, family, secret, out);
}

bool
refresh_read(const char *token, struct refresh *out)
{
	struct span id, family;

	*out = (struct refresh){ 0 };
	if (strlen(token) > REFRESH_LEN)
		return false;
	token_hash(span_of(token), out->hash);
	if (!split(token, &id, &family))
		return true;
	token_hash(family, out->family_hash);
	return family.len == TOKEN_LEN && id_parse(id, &out->login_id) == OK &&
		out->login_id != 0;
}
