#include "partstest.h"

#include "../unit.h"
#include "../wire/vector.h"
#include "message/parts.h"
#include "tool/set.h"

#include <string.h>

enum err
partstest_fold(struct parts *parts, const char *chunks)
{
	struct arena arena = ARENA_INIT;
	struct buf run = BUF_INIT;
	enum err err;

	for (const char *end; *chunks != '\0';
		chunks = *end != '\0' ? end + 1 : end) {
		end = strchrnul(chunks, '\n');
		chunk_write_raw(
			&run, (struct span){ chunks, (size_t)(end - chunks) });
	}
	err = parts_fold(parts, &arena, buf_span(&run));
	buf_free(&run);
	arena_reset(&arena);
	return err;
}

void
partstest_expect_state(const struct parts *parts, const char *expected)
{
	struct buf out = BUF_INIT;

	parts_write(parts, &out);
	assert_same_json("parts", buf_span(&out), span_of(expected));
	buf_free(&out);
}
