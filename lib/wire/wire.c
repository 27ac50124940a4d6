#include "wire/wire.h"

#include "base/arena.h"

void
wire_add_key(
	const struct wire_headers *headers, const char *before, const char *key)
{
	struct arena arena = ARENA_INIT;

	if (*key != '\0')
		headers->add(headers->arg,
			arena_printf(&arena, "%s%s", before, key));
	arena_reset(&arena);
}

void
wire_put_bearer(const struct wire_headers *headers, const struct llm_conf *conf,
	const char *key)
{
	(void)conf;
	wire_add_key(headers, "Authorization: Bearer ", key);
}
