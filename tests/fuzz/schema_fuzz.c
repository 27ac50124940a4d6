/*
 * schema_fuzz.c: any schema, and after a NUL any value. Must hold: the check
 * ends (libFuzzer's -timeout watches), and says why it refuses.
 */

#include "json/schema.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *middle = size > 0 ? memchr(data, 0, size) : NULL;
	struct arena arena = ARENA_INIT;
	const struct json *schema, *value;
	struct buf why = BUF_INIT;
	struct span first, second;
	enum err err;

	if (middle == NULL)
		return 0;
	first = (struct span){ (const char *)data, (size_t)(middle - data) };
	second =
		(struct span){ (const char *)middle + 1, size - first.len - 1 };
	if (json_parse_loose(&arena, first, &schema) == OK &&
		json_parse_loose(&arena, second, &value) == OK) {
		err = json_schema_check(schema, value, &why);
		if ((err == OK) != (why.len == 0)) {
			fprintf(stderr, "no reason, or one too many\n");
			abort();
		}
	}
	buf_free(&why);
	arena_reset(&arena);
	return 0;
}
