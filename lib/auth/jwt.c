#include "auth/jwt.h"

#include "base/log.h"

#include <errno.h>
#include <jwt.h>
#include <sodium.h>
#include <stdlib.h>
#include <strings.h>

#define TIME_MAX (INT64_C(1) << 53) /* exact in every JSON reader */

/* The permitted members of a header. */
static const char *const header_members[] = { "alg", "typ", "kid" };

struct parts {
	struct span header, payload, signature;
};

/* ---- libjwt: signatures only */

#ifdef jwt_set_SET_JSON /* libjwt 3 */

static jwk_set_t *
key_set(struct arena *arena, struct span secret)
{
	size_t cap = sodium_base64_ENCODED_LEN(
		secret.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *text = arena_alloc(arena, cap);

	sodium_bin2base64(text, cap, (const unsigned char *)secret.data,
		secret.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return jwks_create(arena_printf(arena,
		"{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"%s\"}", text));
}

static bool
signature_holds(struct arena *arena, struct span secret, const char *token)
{
	jwk_set_t *keys = key_set(arena, secret);
	jwt_checker_t *checker = jwt_checker_new();
	bool holds = keys != NULL && checker != NULL &&
		jwt_checker_setkey(
			checker, JWT_ALG_HS256, jwks_item_get(keys, 0)) == 0 &&
		jwt_checker_time_leeway(checker, JWT_CLAIM_EXP, -1) == 0 &&
		jwt_checker_time_leeway(checker, JWT_CLAIM_NBF, -1) == 0 &&
		jwt_checker_verify(checker, token) == 0;

	jwt_checker_free(checker);
	jwks_free(keys);
	return holds;
}

static char *
sign(struct arena *arena, struct span secret, const char *kid,
	const char *claims)
{
	jwk_set_t *keys = key_set(arena, secret);
	jwt_builder_t *builder = jwt_builder_new();
	jwt_value_t value = { .type = JWT_VALUE_JSON,
		.json_val = arena_str(arena, claims, strlen(claims)) };
	jwt_value_t name = {
		.type = JWT_VALUE_STR, .name = "kid", .str_val = kid
	};
	char *token = NULL;

	if (keys != NULL && builder != NULL &&
		jwt_builder_setkey(
			builder, JWT_ALG_HS256, jwks_item_get(keys, 0)) == 0 &&
		jwt_builder_enable_iat(builder, 0) >= 0 &&
		(kid == NULL ||
			jwt_builder_header_set(builder, &name) ==
				JWT_VALUE_ERR_NONE) &&
		jwt_builder_claim_set(builder, &value) == JWT_VALUE_ERR_NONE)
		token = jwt_builder_generate(builder);
	jwt_builder_free(builder);
	jwks_free(keys);
	return token;
}

#else /* libjwt 1 */

static bool
signature_holds(struct arena *arena, struct span secret, const char *token)
{
	const unsigned char *key = (const unsigned char *)secret.data;
	jwt_t *jwt = NULL;
	bool holds = jwt_decode(&jwt, token, key, (int)secret.len) == 0 &&
		jwt_get_alg(jwt) == JWT_ALG_HS256;

	(void)arena;
	jwt_free(jwt);
	return holds;
}

static char *
sign(struct arena *arena, struct span secret, const char *kid,
	const char *claims)
{
	const unsigned char *key = (const unsigned char *)secret.data;
	jwt_t *jwt = NULL;
	char *token = NULL;

	if (jwt_new(&jwt) == 0 && jwt_add_grants_json(jwt, claims) == 0 &&
		(kid == NULL || jwt_add_header(jwt, "kid", kid) == 0) &&
		jwt_set_alg(jwt, JWT_ALG_HS256, key, (int)secret.len) == 0)
		token = jwt_encode_str(jwt);
	(void)arena;
	jwt_free(jwt);
	return token;
}

#endif

/* ---- the form of a token */

static bool
next_part(struct span *rest, struct span *part)
{
	const char *dot = memchr(rest->data, '.', rest->len);
	size_t len = dot != NULL ? (size_t)(dot - rest->data) : rest->len;

	*part = (struct span){ rest->data, len };
	len += dot != NULL;
	*rest = (struct span){ rest->data + len, rest->len - len };
	return dot != NULL;
}

static bool
split(struct span token, struct parts *parts)
{
	return token.data != NULL && token.len <= JWT_MAX &&
		next_part(&token, &parts->header) &&
		next_part(&token, &parts->payload) &&
		!next_part(&token, &parts->signature);
}

/* Refuses padding, blanks, foreign characters and surplus bits at the end, so
 * that each token has only one spelling. */
static bool
decode(struct arena *arena, struct span text, struct span *out)
{
	unsigned char *bytes = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	if (text.len == 0 ||
		sodium_base642bin(bytes, text.len, text.data, text.len, NULL,
			&len, NULL,
			sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return false;
	*out = (struct span){ (const char *)bytes, len };
	return true;
}

static bool
decode_object(struct arena *arena, struct span part, const struct json **out)
{
	struct span text;

	return decode(arena, part, &text) &&
		json_parse(arena, text, out) == OK &&
		json_kind(*out) == JSON_OBJECT;
}

/* Checks the signature of a token of another type: libjwt 1 refuses any `typ`
 * but JWT. */
static bool
sum_holds(struct span secret, const struct parts *parts, struct span mac)
{
	const char *text = parts->header.data;
	size_t len = (size_t)(parts->payload.data - text) + parts->payload.len;
	unsigned char sum[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(
		&state, (const unsigned char *)secret.data, secret.len);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, len);
	crypto_auth_hmacsha256_final(&state, sum);
	return mac.len == sizeof(sum) &&
		sodium_memcmp(mac.data, sum, sizeof(sum)) == 0;
}

static bool
member_known(struct span key)
{
	for (size_t i = 0; i < LENGTH(header_members); i++)
		if (span_is(key, header_members[i]))
			return true;
	return false;
}

/* Whether the policy requires a type other than JWT. */
static bool
is_typed(const struct jwt_policy *policy)
{
	return policy->typ != NULL && policy->typ[0] != '\0';
}

static bool
typ_ok(const struct jwt_policy *policy, struct span typ)
{
	const char *wanted = is_typed(policy) ? policy->typ : "JWT";

	if (typ.data == NULL)
		return !is_typed(policy);
	return typ.len == strlen(wanted) &&
		strncasecmp(typ.data, wanted, typ.len) == 0;
}

static bool
kid_ok(const struct jwt_policy *policy, struct span kid)
{
	return policy->kid == NULL || kid.data == NULL ||
		span_is(kid, policy->kid);
}

/* With crit, jku, jwk, x5u, b64 and the like, a header requests processing
 * that this module does not support; such a token is refused, not half
 * understood. */
static bool
header_ok(const struct jwt_policy *policy, const struct json *header)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(header, &at, &key, &value))
		if (!member_known(key) || json_kind(value) != JSON_TEXT)
			return false;
	return span_is(json_text(json_get(header, "alg")), "HS256") &&
		typ_ok(policy, json_text(json_get(header, "typ"))) &&
		kid_ok(policy, json_text(json_get(header, "kid")));
}

/* ---- the claims */

/* Reads a whole number of seconds into *out*; returns false if the member has
 * any other value, or is required and missing. */
static bool
read_time(const struct json *payload, const char *name, bool required,
	int64_t *out)
{
	const struct json *value = json_get(payload, name);

	*out = json_int(value, -1);
	if (value == NULL)
		return !required;
	return *out >= 0 && *out <= TIME_MAX;
}

/* If a token does not state when it begins, count from now. */
static bool
life_ok(const struct jwt_policy *policy, int64_t iat, int64_t exp,
	int64_t now_s)
{
	int64_t from_s = iat >= 0 && iat < now_s ? iat : now_s;

	return policy->life_max_s == 0 || exp - from_s <= policy->life_max_s;
}

static bool
times_ok(const struct jwt_policy *policy, const struct json *payload,
	int64_t now_s)
{
	int64_t exp, iat, nbf;

	return read_time(payload, "exp", true, &exp) &&
		read_time(payload, "iat", policy->dated, &iat) &&
		read_time(payload, "nbf", policy->dated, &nbf) && now_s < exp &&
		iat <= now_s + JWT_SKEW_S && nbf <= now_s + JWT_SKEW_S &&
		life_ok(policy, iat, exp, now_s);
}

static bool
audience_ok(const struct json *aud, const char *wanted)
{
	for (size_t i = 0; i < json_length(aud); i++)
		if (span_is(json_text(json_at(aud, i)), wanted))
			return true;
	return json_kind(aud) == JSON_TEXT && span_is(json_text(aud), wanted);
}

static bool
claims_ok(const struct jwt_policy *policy, const struct json *payload,
	int64_t now_s)
{
	struct span issuer = json_text(json_get(payload, "iss"));

	if (policy->issuer[0] != '\0' && !span_is(issuer, policy->issuer))
		return false;
	if (policy->audience[0] != '\0' &&
		!audience_ok(json_get(payload, "aud"), policy->audience))
		return false;
	return times_ok(policy, payload, now_s);
}

/* ---- the public functions */

enum err
jwt_sign(const struct jwt_policy *policy, struct arena *arena,
	const char *claims, const char **out)
{
	char *token = NULL;

	if (policy->secret.len >= JWT_SECRET_MIN)
		token = sign(arena, policy->secret, policy->kid, claims);
	if (token == NULL) {
		log_error("token_not_signed", "errno=%d", errno);
		return ERR_INTERNAL;
	}
	*out = arena_str(arena, token, strlen(token));
	free(token);
	return OK;
}

enum err
jwt_check(const struct jwt_policy *policy, struct arena *arena,
	struct span token, int64_t now_s, const struct json **out)
{
	struct parts parts;
	const struct json *header;
	struct span mac;

	if (policy->secret.len < JWT_SECRET_MIN || !split(token, &parts) ||
		!decode(arena, parts.signature, &mac) ||
		!decode_object(arena, parts.header, &header) ||
		!header_ok(policy, header) ||
		!(is_typed(policy) ? sum_holds(policy->secret, &parts, mac)
				   : signature_holds(arena, policy->secret,
					     arena_str(arena, token.data,
						     token.len))) ||
		!decode_object(arena, parts.payload, out) ||
		!claims_ok(policy, *out, now_s))
		return ERR_DENIED;
	return OK;
}
