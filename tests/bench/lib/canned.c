#include "canned.h"

#include "measure.h"

#include <stdio.h>

void
canned_read(const char *path, struct buf *out)
{
	struct buf body = BUF_INIT;
	FILE *file = fopen(path, "r");
	size_t n;

	must(file != NULL, path);
	while ((n = fread(buf_reserve(&body, 65536), 1, 65536, file)) > 0)
		body.len += n;
	fclose(file);
	buf_printf(out,
		"Content-Type: application/json\r\n"
		"Content-Length: %zu\r\n\r\n",
		body.len);
	buf_append(out, body.data, body.len);
	buf_free(&body);
}
