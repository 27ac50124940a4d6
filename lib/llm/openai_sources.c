#include "llm/openai_sources.h"

#include <string.h>

struct taking {
	struct openai_sources *sources;
	void (*on_event)(void *arg, const struct llm_event *event);
	void *arg;
};

static bool
is_address(struct span url)
{
	return url.len > 8 && url.len <= ADDRESS_MAX &&
		memchr(url.data, '\0', url.len) == NULL &&
		(strncmp(url.data, "http://", 7) == 0 ||
			strncmp(url.data, "https://", 8) == 0);
}

static bool
is_known(const struct openai_sources *sources, struct span url)
{
	const char *at = buf_str(&sources->addresses);
	const char *end = at + sources->addresses.len;

	for (; at < end; at += strlen(at) + 1)
		if (span_is(url, at))
			return true;
	return false;
}

static void
take_url(const struct taking *taking, struct span url, struct span title)
{
	struct openai_sources *sources = taking->sources;
	struct llm_event event = { .type = LLM_SOURCE,
		.text = url,
		.name = title.len <= ADDRESS_MAX ? title
						 : (struct span){ NULL, 0 } };

	if (!is_address(url) || sources->n == SOURCES_MAX ||
		is_known(sources, url))
		return;
	buf_put_span(&sources->addresses, url);
	buf_putc(&sources->addresses, '\0');
	sources->n++;
	taking->on_event(taking->arg, &event);
}

/* Of texts, or of objects; those may hold the source under *inner*. */
static void
take_list(
	const struct taking *taking, const struct json *list, const char *inner)
{
	if (json_kind(list) != JSON_ARRAY)
		return;
	for (size_t i = 0; i < json_length(list); i++) {
		const struct json *item = json_at(list, i);

		if (json_kind(json_get(item, inner)) == JSON_OBJECT)
			item = json_get(item, inner);
		if (json_kind(item) == JSON_TEXT)
			take_url(taking, json_text(item),
				(struct span){ NULL, 0 });
		else
			take_url(taking, json_text(json_get(item, "url")),
				json_text(json_get(item, "title")));
	}
}

/* Those with titles first. */
void
openai_sources_take(struct openai_sources *sources, const struct json *chunk,
	const struct json *delta,
	void (*on_event)(void *arg, const struct llm_event *event), void *arg)
{
	const struct taking taking = { sources, on_event, arg };

	take_list(&taking, json_get(delta, "annotations"), "url_citation");
	take_list(&taking, json_get(chunk, "search_results"), "url_citation");
	take_list(&taking, json_get(chunk, "citations"), "url_citation");
}

void
openai_sources_free(struct openai_sources *sources)
{
	buf_free(&sources->addresses);
}
