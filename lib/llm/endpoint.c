#include "llm/endpoint.h"

#include "base/mem.h"
#include "llm/wires.h"

#include <stdlib.h>

enum err
llm_endpoint_open(const struct llm_conf *conf, struct llm_endpoint **out)
{
	struct llm_endpoint *endpoint = mem_zalloc(sizeof(*endpoint));
	enum err err;

	endpoint->wire = wire_of(conf->kind);
	err = upstream_open(&endpoint->upstream, conf);
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
