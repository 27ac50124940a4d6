#include "made_token.h"

#include "../unit.h"

#include <sodium.h>
#include <string.h>

struct arena made_arena;

int
made_setup(void **state)
{
	(void)state;
	return sodium_init();
}

int
made_teardown(void **state)
{
	(void)state;
	arena_reset(&made_arena);
	return 0;
}

const char *
made_encode(const void *data, size_t len)
{
	size_t cap = sodium_base64_ENCODED_LEN(
		len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);

	return sodium_bin2base64(arena_alloc(&made_arena, cap), cap, data, len,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

const char *
made_mac(const char *text, const char *key)
{
	unsigned char sum[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(
		&state, (const unsigned char *)key, strlen(key));
	crypto_auth_hmacsha256_update(
		&state, (const unsigned char *)text, strlen(text));
	crypto_auth_hmacsha256_final(&state, sum);
	return made_encode(sum, sizeof(sum));
}

const char *
made_parts(const char *header, const char *payload)
{
	const char *text = arena_printf(&made_arena, "%s.%s", header, payload);

	return arena_printf(&made_arena, "%s.%s", text, made_mac(text, KEY));
}

const char *
made_token(const char *header, const char *claims)
{
	return made_parts(made_encode(header, strlen(header)),
		made_encode(claims, strlen(claims)));
}

enum err
made_check(const struct jwt_policy *with, const char *token, int64_t now_s)
{
	const struct json *claims = NULL;
	enum err err =
		jwt_check(with, &made_arena, span_of(token), now_s, &claims);

	if (err == OK)
		assert_int_equal(json_kind(claims), JSON_OBJECT);
	return err;
}
