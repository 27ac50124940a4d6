#include "wire_cases.h"

#include "../unit.h"
#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define FOLDER "tests/wires"
#define BODY_MAX ((size_t)1 << 20)
/* Larger bodies are cut into pieces, not in two at every byte. */
#define TWO_MAX ((size_t)8 << 10)

struct span
wire_case(struct arena *arena, const char *folder, const char *name)
{
	char path[512];
	struct span body;

	snprintf(path, sizeof(path), FOLDER "/%s/%s.sse", folder, name);
	assert_int_equal(file_read(arena, path, BODY_MAX, &body), OK);
	return body;
}

static void
check_cut(const struct wire *wire, struct span body, struct cutting how,
	const struct buf *whole, const char *name)
{
	struct buf words = BUF_INIT;

	wire_play(wire, body, how, &words);
	if (!span_equal(buf_span(&words), buf_span(whole)))
		fail_msg("%s cut into %zu, at %zu:\n%s\nwhole:\n%s", name,
			how.piece, how.cut, buf_str(&words), buf_str(whole));
	buf_free(&words);
}

static void
cut(const struct wire *wire, struct span body, const char *name)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 64, 1000 };
	struct buf whole = BUF_INIT;

	wire_play(wire, body, (struct cutting){ BODY_MAX, 0 }, &whole);
	for (size_t i = 0; i < LENGTH(pieces); i++)
		check_cut(wire, body, (struct cutting){ pieces[i], 0 }, &whole,
			name);
	for (size_t at = 1; at < body.len && body.len <= TWO_MAX; at++)
		check_cut(wire, body, (struct cutting){ BODY_MAX, at }, &whole,
			name);
	buf_free(&whole);
}

size_t
wire_cut_all(const struct wire *wire, const char *folder)
{
	struct arena arena = ARENA_INIT;
	struct dirent *entry;
	char path[256], name[256];
	size_t n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), FOLDER "/%s", folder);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		const char *end = strstr(entry->d_name, ".sse");

		if (end == NULL)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(end - entry->d_name),
			entry->d_name);
		cut(wire, wire_case(&arena, folder, name), name);
		n++;
	}
	closedir(dir);
	arena_reset(&arena);
	return n;
}
