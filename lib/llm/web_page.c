#include "llm/web_page.h"

#include "json/utf8.h"

#include <string.h>
#include <strings.h>

static const char *const sentences[] = {
	[WEB_OK] = "",
	[WEB_BAD_URL] = "This isn't an http or https address, or it contains a "
			"username.",
	[WEB_REFUSED] =
		"This address isn't public. Only public pages on the usual "
		"ports can be fetched.",
	[WEB_UNREACHABLE] = "The page's server couldn't be reached.",
	[WEB_TIMEOUT] = "The page didn't load in time.",
};

/* Returns "text/html" of "text/html; charset=utf-8". */
static struct span
media_type(const char *type)
{
	return (struct span){ type, strcspn(type, "; \t") };
}

static bool
is_type(struct span type, const char *name)
{
	return type.len == strlen(name) &&
		strncasecmp(type.data, name, type.len) == 0;
}

static bool
ends_with(struct span type, const char *end)
{
	size_t len = strlen(end);

	return type.len > len &&
		strncasecmp(type.data + type.len - len, end, len) == 0;
}

static bool
is_readable(struct span type)
{
	if (type.len > 5 && strncasecmp(type.data, "text/", 5) == 0)
		return true;
	return type.len > 12 &&
		strncasecmp(type.data, "application/", 12) == 0 &&
		(ends_with(type, "/json") || ends_with(type, "/xml") ||
			ends_with(type, "+json") || ends_with(type, "+xml"));
}

static enum err
take(struct arena *arena, const struct web_answer *answer, struct web_page *out,
	const char **why)
{
	struct span type = media_type(answer->type);
	struct buf text = BUF_INIT;

	if (answer->status / 100 != 2) {
		*why = arena_printf(arena,
			"The page's server responded with status %ld.",
			answer->status);
		return ERR_INVALID;
	}
	if (!is_readable(type)) {
		*why = "This address has no text.";
		return ERR_INVALID;
	}
	utf8_repair(&text, buf_span(&answer->body));
	out->text = arena_span(arena, buf_span(&text));
	out->html = is_type(type, "text/html") ||
		is_type(type, "application/xhtml+xml");
	out->cut = answer->cut;
	buf_free(&text);
	return OK;
}

enum err
web_page_get(struct arena *arena, const char *url, const char *allow,
	const struct web_patience *patience, struct web_page *out,
	const char **why)
{
	struct web_request request = { .url = url,
		.guarded = true,
		.allow = allow,
		.body_max = WEB_PAGE_MAX,
		.patience = *patience };
	struct web_answer answer;
	enum web_result result;
	enum err err;

	for (int i = 0; i <= WEB_PAGE_REDIRECTS_MAX; i++) {
		result = web_exchange(arena, &request, &answer);
		out->url = request.url;
		request.url = answer.redirect;
		*why = sentences[result];
		err = ERR_INVALID;
		if (result == WEB_OK && answer.redirect == NULL)
			err = take(arena, &answer, out, why);
		buf_free(&answer.body);
		if (result != WEB_OK || answer.redirect == NULL)
			return err;
	}
	*why = "The page redirects too many times.";
	return ERR_INVALID;
}
