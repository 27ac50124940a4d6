#include "wire/sources.h"

#include <string.h>

static bool
is_address(struct span url)
{
	return url.len > 8 && url.len <= ADDRESS_MAX &&
		memchr(url.data, '\0', url.len) == NULL &&
		(strncmp(url.data, "http://", 7) == 0 ||
			strncmp(url.data, "https://", 8) == 0);
}

static bool
is_known(const struct sources *sources, struct span url)
{
	const char *at = buf_str(&sources->addresses);
	const char *end = at + sources->addresses.len;

	for (; at < end; at += strlen(at) + 1)
		if (span_is(url, at))
			return true;
	return false;
}

void
sources_take(struct sources *sources, struct llm_stream *stream,
	struct span url, struct span title)
{
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
	llm_stream_show(stream, &event);
}

void
sources_free(struct sources *sources)
{
	buf_free(&sources->addresses);
}
