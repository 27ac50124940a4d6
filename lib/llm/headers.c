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

struct span
headers_value(struct span line, const char *name)
{
	size_t len = strlen(name);

	if (line.len <= len || strncasecmp(line.data, name, len) != 0 ||
		line.data[len] != ':')
		return (struct span){ NULL, 0 };
	line.data += len + 1;
	line.len -= len + 1;
	while (line.len > 0 && strchr(" \t", line.data[0]) != NULL) {
		line.data++;
		line.len--;
	}
	while (line.len > 0 &&
		strchr(" \t\r\n", line.data[line.len - 1]) != NULL)
		line.len--;
	return line;
}
