/*
 * schema_fuzz.c: any schema, and after a NUL any value. Must hold: the check
 * ends (libFuzzer's -timeout watches), and says why it refuses.
 */

#include "fuzz.h"

#include "json/schema.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = fuzz_span(data, size), first = fuzz_piece(&rest);
	struct arena arena = ARENA_INIT;
	const struct json *schema, *value;
	struct buf why = BUF_INIT;

	if (json_parse_loose(&arena, first, &schema) == OK &&
		json_parse_loose(&arena, rest, &value) == OK) {
		enum err err = json_schema_check(schema, value, &why);

		must((err == OK) == (why.len == 0), "a reason for a refusal");
	}
	buf_free(&why);
	arena_reset(&arena);
	return 0;
}
