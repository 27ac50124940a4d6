#include "auth/refresh.h"

#include "auth/mark.h"
#include "base/id.h"

#include <inttypes.h>
#include <stdio.h>

#define SECRET_CONTEXT "refresh_"
#define FAMILY_CONTEXT "family__"

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

/* Splits "<id>.<family>.<secret>"; returns false for a token without dots. */
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

	mark_text(key, SECRET_CONTEXT, token, secret);
	if (!split(token, &id, &family)) {
		mark_text(key, FAMILY_CONTEXT, token, first_family);
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
