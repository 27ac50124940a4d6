#include "api/doctor_settings.h"

#include "auth/mark.h"
#include "base/buf.h"

#include <string.h>

#define CONTEXT "settings"
#define MARK_LEN 11 /* letters of a mark: 66 bits */
#define NAMED_MAX 8

static void
mark_setting(const struct secret_key *secret, const char *key,
	const char *value, char out[TOKEN_LEN + 1])
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%s = %s", key, value);
	mark_text(secret, CONTEXT, buf_str(&text), out);
	buf_free(&text);
	out[MARK_LEN] = '\0';
}

struct writing {
	const struct secret_key *secret;
	struct json_writer *w;
};

static void
put_setting(void *arg, const char *key, const char *value)
{
	const struct writing *writing = arg;
	char mark[TOKEN_LEN + 1];

	mark_setting(writing->secret, key, value, mark);
	json_member_str(writing->w, key, mark);
}

void
doctor_put_settings(const struct conf *conf, const struct secret_key *key,
	struct json_writer *w)
{
	struct writing writing = { key, w };

	json_open(w, '{');
	conf_each(conf, put_setting, &writing);
	json_close(w, '}');
}

struct comparing {
	const struct secret_key *secret;
	const struct json *settings;
	const char *but;
	struct buf names;
	unsigned n;
};

/* A key that only one side knows belongs to another release. */
static void
compare_setting(void *arg, const char *key, const char *value)
{
	struct comparing *c = arg;
	const char *said = json_str(json_get(c->settings, key));
	char mark[TOKEN_LEN + 1];

	mark_setting(c->secret, key, value, mark);
	if (said == NULL || strcmp(said, mark) == 0 ||
		(c->but != NULL && strcmp(key, c->but) == 0))
		return;
	if (c->n++ < NAMED_MAX)
		buf_printf(
			&c->names, "%s%s", c->names.len > 0 ? ", " : "", key);
}

const char *
doctor_apart(struct arena *arena, const struct conf *conf,
	const struct secret_key *key, const struct json *settings,
	const char *but)
{
	struct comparing c = { key, settings, but, BUF_INIT, 0 };
	const char *names = NULL;

	conf_each(conf, compare_setting, &c);
	if (c.n > NAMED_MAX)
		buf_printf(&c.names, " and %u more", c.n - NAMED_MAX);
	if (c.n > 0)
		names = arena_str(arena, c.names.data, c.names.len);
	buf_free(&c.names);
	return names;
}
