#include "conf/hosts.h"

#include <stdlib.h>
#include <string.h>

#define BLANKS " \t"
#define PORT_MAX 65535

static bool
take_name(struct host *host, const char *text, size_t len)
{
	size_t max = host->is_socket ? HOST_SOCKET_MAX_LEN : HOST_NAME_MAX_LEN;

	if (len == 0 || len > max)
		return false;
	memcpy(host->name, text, len);
	host->name[len] = '\0';
	/* The client library would parse a URL in the name. */
	return strcspn(host->name,
		       host->is_socket ? BLANKS "[]\"'" : BLANKS "[]\"'/@") ==
		len;
}

/* Accepts what may follow a name: nothing, or ":3306". */
static bool
take_port(struct host *host, const char *text, size_t len)
{
	unsigned port = 0;

	if (len == 0)
		return true;
	if (text[0] != ':' || len < 2 || len > 6)
		return false;
	for (size_t i = 1; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		port = port * 10 + (unsigned)(text[i] - '0');
	}
	host->port = port;
	return port >= 1 && port <= PORT_MAX;
}

static bool
take_host(struct host *host, const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len), *end = text + len;
	const char *bracket;

	*host = (struct host){ .is_socket = len > 0 && text[0] == '/' };
	if (len > 0 && text[0] == '[') {
		bracket = memchr(text, ']', len);
		return bracket != NULL &&
			take_name(
				host, text + 1, (size_t)(bracket - text) - 1) &&
			take_port(
				host, bracket + 1, (size_t)(end - bracket) - 1);
	}
	/* With a second colon the whole text is an address. */
	if (host->is_socket || colon == NULL ||
		memchr(colon + 1, ':', (size_t)(end - colon) - 1) != NULL)
		return take_name(host, text, len);
	return take_name(host, text, (size_t)(colon - text)) &&
		take_port(host, colon, (size_t)(end - colon));
}

static bool
is_new(const struct hosts *hosts)
{
	const struct host *last = &hosts->list[hosts->n];

	for (unsigned i = 0; i < hosts->n; i++)
		if (strcmp(hosts->list[i].name, last->name) == 0 &&
			hosts->list[i].port == last->port)
			return false;
	return true;
}

bool
hosts_parse(const char *text, struct hosts *out)
{
	*out = (struct hosts){ .n = 0 };
	if (text[strspn(text, BLANKS)] == '\0')
		return true;
	for (;;) {
		size_t len;

		text += strspn(text, BLANKS);
		len = strcspn(text, ",");
		while (len > 0 && strchr(BLANKS, text[len - 1]) != NULL)
			len--;
		if (out->n == HOSTS_MAX ||
			!take_host(&out->list[out->n], text, len) ||
			!is_new(out))
			return false;
		out->n++;
		text += strcspn(text, ",");
		if (*text++ == '\0')
			return true;
	}
}
