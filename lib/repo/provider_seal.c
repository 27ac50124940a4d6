#include "repo/provider_seal.h"

#include "auth/seal.h"

#include <inttypes.h>

#define TAIL 4
/* Of a shorter key its last letters would be too much of it. */
#define TAIL_OF 16

static const char *
about(struct arena *arena, const struct provider_row *row, const char *what)
{
	return arena_printf(arena, "provider %" PRIu64 " %s", row->id, what);
}

enum err
provider_open(const struct secret_ring *ring, struct arena *arena,
	const struct provider_row *row, struct provider_secrets *out)
{
	*out = (struct provider_secrets){ 0 };
	if (row->key_sealed.data != NULL)
		TRY(seal_open(ring, arena, about(arena, row, "key"),
			row->key_sealed, &out->key));
	if (row->headers_sealed.data != NULL)
		TRY(seal_open(ring, arena, about(arena, row, "headers"),
			row->headers_sealed, &out->headers));
	return OK;
}

static struct span
sealed(const struct secret_ring *ring, struct arena *arena, const char *what,
	struct span text)
{
	return text.data != NULL ? seal(ring, arena, what, text) : text;
}

void
provider_seal(const struct secret_ring *ring, struct arena *arena,
	const struct provider_secrets *secrets, struct provider_row *row)
{
	struct span key = secrets->key;

	row->key_sealed = sealed(ring, arena, about(arena, row, "key"), key);
	row->headers_sealed = sealed(
		ring, arena, about(arena, row, "headers"), secrets->headers);
	row->key_tail = key.len >= TAIL_OF
		? arena_str(arena, key.data + key.len - TAIL, TAIL)
		: "";
}
