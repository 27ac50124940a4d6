#include "llm/headers.h"

#include <stdlib.h>
#include <string.h>

void
headers_add(struct curl_slist **headers, const char *line)
{
	struct curl_slist *list = curl_slist_append(*headers, line);

	if (list == NULL)
		abort();
	*headers = list;
}

void
headers_add_trace(struct curl_slist **headers, const struct trace *trace)
{
	static const char NAME[] = "traceparent: ";
	char line[sizeof(NAME) + TRACE_PARENT_LEN];

	if (*trace->id == '\0')
		return;
	memcpy(line, NAME, sizeof(NAME));
	trace_parent(trace, line + sizeof(NAME) - 1);
	headers_add(headers, line);
}
