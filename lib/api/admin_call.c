#include "api/admin_call.h"

#include "llm/wires.h"

enum err
admin_call_of(struct arena *arena, const struct secret_ring *ring,
	const struct llm_conf *file, const struct provider_row *row,
	struct admin_call *out)
{
	struct provider_secrets secrets;

	*out = (struct admin_call){ .conf = *file };
	if (provider_open(ring, arena, row, &secrets) != OK ||
		!wire_find(span_of(row->kind), &out->conf.kind))
		return ERR_CONFLICT;
	out->conf.base_url = row->base_url;
	out->conf.api_key = secrets.key.data != NULL
		? arena_str(arena, secrets.key.data, secrets.key.len)
		: "";
	out->conf.api_key_file = "";
	out->conf.options = "";
	if (row->proxy != NULL)
		out->conf.proxy = row->proxy;
	return secrets.headers.data != NULL
		? json_parse(arena, secrets.headers, &out->headers)
		: OK;
}
