/* Implements parts_add() for files, sources and data. */

#include "message/parts.h"

#include "message/part.h"
#include "json/write.h"

static void
set_other(struct part *part, const char *type, const struct chunk *chunk)
{
	struct buf raw = BUF_INIT;
	struct json_writer w = json_writer(&raw);

	json_open(&w, '{');
	json_member_str(&w, "type", type);
	json_maybe_text(&w, "id", chunk->id);
	json_maybe_text(&w, "sourceId", chunk->source_id);
	json_maybe_text(&w, "mediaType", chunk->media_type);
	json_maybe_text(&w, "url", chunk->url);
	json_maybe_text(&w, "title", chunk->title);
	json_maybe_text(&w, "filename", chunk->filename);
	json_maybe_raw(&w, "data", chunk->data);
	json_maybe_raw(&w, "providerMetadata", chunk->provider_metadata);
	json_close(&w, '}');
	part_set(part, PART_RAW, buf_span(&raw));
	buf_free(&raw);
}

enum err
parts_add_other(struct parts *parts, const struct chunk *chunk)
{
	const char *type = chunk->type == CHUNK_FILE ? "file"
		: chunk->type == CHUNK_SOURCE_URL    ? "source-url"
						     : "source-document";
	struct part *part = parts_push(parts, PART_OTHER);

	part_set(part, PART_NAME, span_of(type));
	set_other(part, type, chunk);
	parts->size += chunk->url.len;
	return OK;
}

/* Data with a known name and id replaces the earlier data in its place. */
enum err
parts_add_data(struct parts *parts, const struct chunk *chunk)
{
	struct arena arena = ARENA_INIT;
	struct part *part = NULL;

	if (span_is(chunk->transient, "true"))
		return OK;
	for (size_t i = 0; i < parts->n && chunk->id.data != NULL; i++)
		if (parts->list[i].kind == PART_OTHER &&
			span_equal(parts->list[i].fields[PART_ID], chunk->id) &&
			span_equal(
				parts->list[i].fields[PART_NAME], chunk->name))
			part = &parts->list[i];
	if (part == NULL)
		part = parts_push(parts, PART_OTHER);
	part_set(part, PART_NAME, chunk->name);
	part_set(part, PART_ID, chunk->id);
	set_other(part, arena_str(&arena, chunk->name.data, chunk->name.len),
		chunk);
	arena_reset(&arena);
	parts->size += chunk->data.len;
	return OK;
}
