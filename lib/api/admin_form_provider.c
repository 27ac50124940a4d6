/* Checks the description of a provider (admin_form.h). */

#include "api/admin_form.h"
#include "llm/where.h"
#include "llm/wires.h"
#include "json/write.h"

#include <strings.h>

#define HEADERS_MAX 32
#define HEADER_NAME_MAX 128
#define KEPT "..." /* stands for a header's stored value */

struct said {
	struct provider_row *row;
	struct provider_secrets *secrets;
};

static enum err
read_name(struct admin_form *form, const struct json *value, void *arg)
{
	struct said *said = arg;

	return admin_form_line(
		form, value, PROVIDER_NAME_MAX, &said->row->name);
}

static enum err
read_kind(struct admin_form *form, const struct json *value, void *arg)
{
	struct said *said = arg;
	int64_t kind;

	if (!wire_find(json_text(value), &kind))
		return admin_form_bad(
			form, "\"kind\" is %s.", wire_words(form->arena));
	said->row->kind = wire_of(kind)->word;
	return OK;
}

static bool
is_printable(struct span text, char first)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < first || text.data[i] > '~')
			return false;
	return true;
}

/* Accepts an address of printable ASCII; otherwise returns NULL. */
static const char *
address(struct admin_form *form, const struct json *value, size_t max)
{
	struct span text = json_text(value);

	if (text.data == NULL || text.len > max || !is_printable(text, '!'))
		return NULL;
	return arena_str(form->arena, text.data, text.len);
}

static enum err
read_base_url(struct admin_form *form, const struct json *value, void *arg)
{
	struct said *said = arg;
	const char *url = json_kind(value) == JSON_NULL
		? ""
		: address(form, value, PROVIDER_URL_MAX);

	if (url == NULL || (*url != '\0' && !where_is_base_url(url)))
		return admin_form_bad(form,
			"\"baseUrl\" is " WHERE_BASE_URL
			" without a password, ? or #, or empty.");
	said->row->base_url = url;
	return OK;
}

/* Removes blanks and line ends, with which keys are often pasted. */
static enum err
read_key(struct admin_form *form, const struct json *value, void *arg)
{
	struct said *said = arg;
	struct span key = span_trimmed(json_text(value), " \t\r\n");

	if (json_kind(value) != JSON_NULL && json_kind(value) != JSON_TEXT)
		return admin_form_bad(form, "\"key\" is a text, or null.");
	if (key.len > PROVIDER_KEY_MAX || !is_printable(key, '!'))
		return admin_form_bad(form,
			"\"key\" must be one line of at most %d letters, "
			"digits and signs, without spaces.",
			PROVIDER_KEY_MAX);
	said->secrets->key = key.len > 0 ? arena_span(form->arena, key)
					 : (struct span){ NULL, 0 };
	return OK;
}

/* ---- headers */

/* RFC 9110, 5.6.2. */
static bool
is_token(struct span text)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '\0' ||
			strchr(letters, text.data[i]) == NULL)
			return false;
	return text.len > 0 && text.len <= HEADER_NAME_MAX;
}

/* Headers that determine how a request is framed or read. */
static bool
is_ours(struct span name)
{
	static const char *const ours[] = { "host", "content-length",
		"content-type", "transfer-encoding", "connection", "expect",
		"accept", "accept-encoding", "te", "upgrade", "trailer" };

	for (size_t i = 0; i < LENGTH(ours); i++)
		if (name.len == strlen(ours[i]) &&
			span_begins_as(name, ours[i]))
			return true;
	return false;
}

static enum err
put_header(struct admin_form *form, struct json_writer *w, struct span name,
	struct span text, const struct json *had)
{
	if (!is_token(name) || is_ours(name))
		return admin_form_bad(form,
			"\"headers\" cannot contain a header named \"%.*s\".",
			(int)MIN(name.len, 64), name.data);
	if (span_is(text, KEPT))
		text = json_text(json_get(
			had, arena_str(form->arena, name.data, name.len)));
	if (text.data == NULL || !is_printable(text, ' ') ||
		span_trimmed(text, " \t\r\n").len != text.len)
		return admin_form_bad(form,
			"The header \"%.*s\" must be one line of text.",
			(int)name.len, name.data);
	json_key_span(w, name);
	json_put_text(w, text);
	return OK;
}

static enum err
put_headers(struct admin_form *form, const struct json *value,
	const struct json *had, struct buf *out)
{
	struct json_writer w = json_writer(out);
	const struct json *text;
	struct span name;
	size_t at = 0;

	json_open(&w, '{');
	while (json_next(value, &at, &name, &text))
		TRY(put_header(form, &w, name, json_text(text), had));
	json_close(&w, '}');
	return OK;
}

static enum err
read_headers(struct admin_form *form, const struct json *value, void *arg)
{
	struct said *said = arg;
	const struct json *had = NULL;
	struct buf text = BUF_INIT;
	enum err err;

	if (json_kind(value) != JSON_NULL && json_kind(value) != JSON_OBJECT)
		return admin_form_bad(
			form, "\"headers\" is an object of texts, or null.");
	if (json_length(value) > HEADERS_MAX)
		return admin_form_bad(form,
			"\"headers\" can contain at most %d headers.",
			HEADERS_MAX);
	if (said->secrets->headers.data != NULL)
		TRY(json_parse(form->arena, said->secrets->headers, &had));
	said->secrets->headers = (struct span){ NULL, 0 };
	if (json_length(value) == 0)
		return OK;
	err = put_headers(form, value, had, &text);
	if (err == OK && text.len > PROVIDER_HEADERS_MAX)
		err = admin_form_bad(form,
			"\"headers\" can have at most %d bytes in total.",
			PROVIDER_HEADERS_MAX);
	if (err == OK)
		said->secrets->headers =
			arena_span(form->arena, buf_span(&text));
	buf_free(&text);
	return err;
}

/* ---- the other members */

static enum err
read_proxy(struct admin_form *form, const struct json *value, void *arg)
{
	struct said *said = arg;
	const char *proxy = address(form, value, PROVIDER_PROXY_MAX);

	if (json_kind(value) == JSON_NULL) {
		said->row->proxy = NULL;
		return OK;
	}
	if (proxy == NULL || (*proxy != '\0' && !where_is_proxy(proxy)))
		return admin_form_bad(form,
			"\"proxy\" is an http, https, socks5 or socks5h "
			"address; empty for none, null for llm.proxy.");
	if (where_has_password(proxy)) {
		form->about.rule = "password";
		return admin_form_bad(form,
			"Set a proxy that needs a name and a password in the "
			"configuration file (llm.proxy).");
	}
	said->row->proxy = proxy;
	return OK;
}

static enum err
read_enabled(struct admin_form *form, const struct json *value, void *arg)
{
	struct said *said = arg;

	return admin_form_bool(form, value, &said->row->enabled);
}

static const struct admin_member members[] = {
	{ "name", read_name },
	{ "kind", read_kind },
	{ "baseUrl", read_base_url },
	{ "key", read_key },
	{ "headers", read_headers },
	{ "proxy", read_proxy },
	{ "enabled", read_enabled },
};

struct provider_row
admin_form_new_provider(uint64_t id)
{
	return (struct provider_row){
		.id = id, .base_url = "", .key_tail = "", .enabled = true
	};
}

static enum err
check_there(struct admin_form *form, const struct provider_row *row)
{
	int64_t kind;

	form->field = row->name == NULL ? "name" : "kind";
	if (row->name == NULL || row->kind == NULL)
		return admin_form_bad(form, "\"%s\" is missing.", form->field);
	form->field = "baseUrl";
	if (!wire_find(span_of(row->kind), &kind) ||
		(*row->base_url == '\0' && *wire_of(kind)->base_url == '\0'))
		return admin_form_bad(form,
			"\"baseUrl\" is missing: this kind of provider has "
			"no default address.");
	form->field = NULL;
	return OK;
}

enum err
admin_form_provider(struct admin_form *form, struct provider_row *row,
	struct provider_secrets *secrets)
{
	struct said said = { row, secrets };

	TRY(admin_form_read(form, members, LENGTH(members), &said));
	return check_there(form, row);
}
