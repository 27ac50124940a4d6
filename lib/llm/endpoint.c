#include "llm/endpoint.h"

#include "base/buf.h"
#include "base/mem.h"
#include "llm/wires.h"

#include <stdlib.h>
#include <string.h>

/* Adds one header line in the form in which it is sent. */
static enum err
add_header(struct upstream *upstream, struct span name, struct span value)
{
	struct buf line = BUF_INIT;
	enum err err = OK;

	buf_put_span(&line, name);
	buf_puts(&line, ": ");
	buf_put_span(&line, value);
	if (name.len == 0 || value.len == 0 ||
		strpbrk(buf_str(&line), "\r\n") != NULL ||
		strlen(buf_str(&line)) != line.len)
		err = conf_refuse("headers", "a JSON object of texts");
	else
		upstream_add_header(upstream, buf_str(&line), value);
	buf_free(&line);
	return err;
}

static enum err
add_headers(struct upstream *upstream, const struct json *headers)
{
	const struct json *value;
	struct span name;
	size_t at = 0;

	while (json_next(headers, &at, &name, &value))
		TRY(add_header(upstream, name, json_text(value)));
	return OK;
}

enum err
llm_endpoint_open(const struct llm_conf *conf, const struct json *headers,
	struct llm_endpoint **out)
{
	struct llm_endpoint *endpoint = mem_zalloc(sizeof(*endpoint));
	enum err err;

	endpoint->wire = wire_of(conf->kind);
	err = upstream_open(&endpoint->upstream, conf);
	if (err == OK)
		err = add_headers(&endpoint->upstream, headers);
	if (err == OK)
		err = proxy_open(&endpoint->proxy, conf);
	if (err != OK)
		llm_endpoint_close(endpoint);
	else
		*out = endpoint;
	return err;
}

void
llm_endpoint_close(struct llm_endpoint *endpoint)
{
	if (endpoint == NULL)
		return;
	upstream_free(&endpoint->upstream);
	proxy_free(&endpoint->proxy);
	free(endpoint);
}
