#include "llm/where.h"

#include "base/attr.h"
#include "llm/wires.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Whether the URL has that part, other than *but*. */
static bool
has(CURLU *url, CURLUPart part, const char *but)
{
	char *text = NULL;
	bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK &&
		strcmp(text, but) != 0;

	curl_free(text);
	return has;
}

/* NULL if it is not an address. */
static CURLU *
parsed(const char *text)
{
	CURLU *url = curl_url();

	if (url == NULL)
		abort();
	if (curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) ==
		CURLUE_OK)
		return url;
	curl_url_cleanup(url);
	return NULL;
}

bool
where_is_base_url(const char *text)
{
	CURLU *url = parsed(text);
	bool ok = url != NULL &&
		(strncmp(text, "http://", 7) == 0 ||
			strncmp(text, "https://", 8) == 0) &&
		has(url, CURLUPART_HOST, "") && !has(url, CURLUPART_USER, "") &&
		!has(url, CURLUPART_PASSWORD, "") &&
		!has(url, CURLUPART_QUERY, "") &&
		!has(url, CURLUPART_FRAGMENT, "");

	curl_url_cleanup(url);
	return ok;
}

static struct span
without_slashes(struct span address)
{
	while (address.len > 0 && address.data[address.len - 1] == '/')
		address.len--;
	return address;
}

struct span
where_base(const struct llm_conf *conf)
{
	const struct wire *wire = wire_of(conf->kind);
	struct span base = without_slashes(span_of(
		*conf->base_url != '\0' ? conf->base_url : wire->base_url));
	struct buf path = BUF_INIT;
	size_t len;

	wire->put_path(&path, conf->model);
	len = strcspn(buf_str(&path), "?"); /* a base has no query */
	path.data[len] = '\0';
	if (span_ends(base, path.data))
		base = without_slashes(
			(struct span){ base.data, base.len - len });
	buf_free(&path);
	return base;
}

static bool
is_kind(const char *text)
{
	static const char *const kinds[] = { "http://", "https://", "socks5://",
		"socks5h://" };

	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (strncasecmp(text, kinds[i], strlen(kinds[i])) == 0)
			return true;
	return false;
}

bool
where_is_proxy(const char *text)
{
	CURLU *url = parsed(text);
	bool ok = url != NULL && is_kind(text) &&
		strpbrk(text, " \t\r\n") == NULL &&
		has(url, CURLUPART_HOST, "") &&
		!has(url, CURLUPART_PATH, "/") &&
		!has(url, CURLUPART_QUERY, "") &&
		!has(url, CURLUPART_FRAGMENT, "");

	curl_url_cleanup(url);
	return ok;
}

bool
where_has_password(const char *text)
{
	CURLU *url = parsed(text);
	bool has_one = url != NULL &&
		(has(url, CURLUPART_USER, "") ||
			has(url, CURLUPART_PASSWORD, ""));

	curl_url_cleanup(url);
	return has_one;
}
