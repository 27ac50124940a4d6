/*
 * jwt_fuzz.c: tokens. Must hold for any bytes: what we did not sign is refused,
 * and of claims that carry our signature only those are accepted that are valid
 * now, for us, and name their end.
 *
 * The first byte of the input says what the rest is: a token, claims to sign,
 * or places at which a valid token is changed.
 */

#include "fuzz.h"

#include "auth/jwt.h"

#define NOW 1750000000
#define KEY "0123456789abcdef0123456789abcdef"
#define CLAIMS                                                               \
	"{\"iss\":\"us\",\"aud\":\"here\",\"sub\":\"7\",\"exp\":1750000900," \
	"\"iat\":1750000000,\"nbf\":1750000000}"

static const struct jwt_policy policy = { .secret = { KEY, sizeof(KEY) - 1 },
	.issuer = "us",
	.audience = "here",
	.dated = true,
	.life_max_s = 3600 };

static enum err
check(struct arena *arena, struct span token, const struct json **claims)
{
	return jwt_check(&policy, arena, token, NOW, claims);
}

static void
must_be_refused(struct arena *arena, struct span token)
{
	const struct json *claims;

	must(check(arena, token, &claims) == ERR_DENIED,
		"a token that we did not sign is refused");
}

static int64_t
whole(const struct json *claims, const char *name)
{
	const struct json *time = json_get(claims, name);

	must(json_kind(time) == JSON_INT, "a time is a whole number");
	return json_int(time, 0);
}

static void
sign_and_check(struct arena *arena, struct span text)
{
	const char *token;
	const struct json *claims;

	if (jwt_sign(&policy, arena, arena_str(arena, text.data, text.len),
		    &token) != OK ||
		check(arena, span_of(token), &claims) != OK)
		return;
	must(span_is(json_text(json_get(claims, "iss")), "us"), "the issuer");
	must(whole(claims, "exp") > NOW, "not over");
	must(whole(claims, "exp") - NOW <= policy.life_max_s, "not for ever");
	must(whole(claims, "iat") <= NOW + JWT_SKEW_S, "issued before");
	must(whole(claims, "nbf") <= NOW + JWT_SKEW_S, "valid already");
}

/* Two bytes are a place and what is written there. */
static void
change_and_check(struct arena *arena, struct span changes)
{
	const char *token;
	struct span copy;
	char *bytes;

	must(jwt_sign(&policy, arena, CLAIMS, &token) == OK, "signed");
	copy = arena_span(arena, span_of(token));
	bytes = arena_str(arena, copy.data, copy.len);
	for (size_t i = 0; i + 1 < changes.len; i += 2)
		bytes[(unsigned char)changes.data[i] % copy.len] =
			changes.data[i + 1];
	if (!span_equal(copy, (struct span){ bytes, copy.len }))
		must_be_refused(arena, (struct span){ bytes, copy.len });
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct span rest;

	if (size == 0)
		return 0;
	rest = fuzz_span(data + 1, size - 1);
	switch (data[0] % 3) {
	case 0:
		must_be_refused(&arena, rest);
		break;
	case 1:
		sign_and_check(&arena, rest);
		break;
	default:
		change_and_check(&arena, rest);
	}
	arena_reset(&arena);
	return 0;
}
