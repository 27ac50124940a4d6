#include "api/openapi.h"

#include "api/etag.h"

#include <stdint.h>

/* The file, byte for byte; its path is relative to where the compiler runs. */
__asm__(".pushsection .rodata\n"
	"openapi_text:\n"
	"\t.incbin \"docs/openapi.json\"\n"
	"openapi_end:\n"
	"\t.popsection\n");

extern const char openapi_text[], openapi_end[];

enum err
openapi_get(struct request *rq, struct response *rs)
{
	const struct span text = { openapi_text,
		(uintptr_t)openapi_end - (uintptr_t)openapi_text };
	struct etag etag = { 0 };
	struct json_writer w;

	etag_add_text(&etag, text);
	if (etag_matches(&etag, rq, rs))
		return OK;
	w = response_json(rs, 200);
	json_put_raw(&w, text);
	return OK;
}
