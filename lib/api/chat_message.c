#include "api/chat_message.h"

#include "api/shape.h"
#include "message/validate.h"
#include "json/utf8.h"
#include "json/write.h"

#include <stdio.h>

enum member { ID, ROLE, PARTS, METADATA, CONTENT, ATTACHMENTS, N };

static const char *const keys[N] = {
	[ID] = "id",
	[ROLE] = "role",
	[PARTS] = "parts",
	[METADATA] = "metadata",
	[CONTENT] = "content",
	[ATTACHMENTS] = "experimental_attachments",
};

bool
chat_id_fits(struct span id)
{
	return id.data != NULL && utf8_valid(id) &&
		utf8_length(id) <= CHAT_ID_MAX;
}

/* ---- messages of older clients */

static void
put_text(struct json_writer *w, struct span raw)
{
	json_open(w, '{');
	json_member_str(w, "type", "text");
	json_member_raw(w, "text", raw);
	json_close(w, '}');
}

/* Reads {name, contentType, url}; the validation reports missing members. */
static void
put_attachment(struct json_writer *w, struct span raw)
{
	static const char *const from[] = { "contentType", "url", "name" };
	static const char *const to[] = { "mediaType", "url", "filename" };
	struct span values[LENGTH(from)];

	json_raw_pick(raw, from, LENGTH(from), values);
	json_open(w, '{');
	json_member_str(w, "type", "file");
	for (size_t i = 0; i < LENGTH(from); i++)
		if (values[i].data != NULL)
			json_member_raw(w, to[i], values[i]);
	json_close(w, '}');
}

/* Makes parts for a message with {content: "text"}, or with files beside its
 * parts. */
static struct span
made_parts(struct arena *arena, const struct span members[N])
{
	struct span part = { NULL, 0 }, file = { NULL, 0 }, copy;
	struct buf parts = BUF_INIT;
	struct json_writer w = json_writer(&parts);

	json_open(&w, '[');
	if (members[PARTS].data == NULL)
		put_text(&w, members[CONTENT]);
	while (json_raw_next(members[PARTS], &part))
		json_put_raw(&w, part);
	while (json_raw_next(members[ATTACHMENTS], &file))
		put_attachment(&w, file);
	json_close(&w, ']');
	copy = arena_span(arena, buf_span(&parts));
	buf_free(&parts);
	return copy;
}

static void
take_old_form(struct arena *arena, struct span members[N])
{
	struct span first = { NULL, 0 };
	bool files = json_raw_next(members[ATTACHMENTS], &first);
	bool text = json_raw_kind(members[CONTENT]) == JSON_TEXT;

	if (json_raw_kind(members[PARTS]) == JSON_NULL)
		members[PARTS] = (struct span){ NULL, 0 };
	if (members[PARTS].data == NULL
			? text
			: files && json_raw_kind(members[PARTS]) == JSON_ARRAY)
		members[PARTS] = made_parts(arena, members);
}

/* ---- metadata */

static bool
has_own_member(struct span metadata)
{
	struct span key, value = { NULL, 0 };

	while (json_raw_member(metadata, &key, &value))
		if (shape_is_own_metadata(key))
			return true;
	return false;
}

static struct span
without_own_members(struct arena *arena, struct span metadata)
{
	struct span key, value = { NULL, 0 }, copy;
	struct buf kept = BUF_INIT;
	struct json_writer w = json_writer(&kept);

	json_open(&w, '{');
	while (json_raw_member(metadata, &key, &value)) {
		if (shape_is_own_metadata(key))
			continue;
		json_key_raw(&w, key);
		json_put_raw(&w, value);
	}
	json_close(&w, '}');
	copy = arena_span(arena, buf_span(&kept));
	buf_free(&kept);
	return copy;
}

static enum err
read_metadata(struct request *rq, struct span raw, struct span *out)
{
	struct arena scratch = ARENA_INIT;
	const struct json *json;
	enum err err;

	*out = (struct span){ NULL, 0 };
	if (json_raw_kind(raw) != JSON_OBJECT)
		return OK;
	err = raw.len > CHAT_METADATA_MAX
		? ERR_TOO_BIG
		: json_parse_within(&scratch, raw, JSON_TREE_SMALL, &json);
	arena_reset(&scratch);
	if (err != OK)
		return request_fail(rq, ERR_TOO_BIG, "metadata_too_large",
			"The metadata of a message can be at most 16 KB.");
	*out = has_own_member(raw) ? without_own_members(rq->arena, raw) : raw;
	return OK;
}

/* ---- the message */

static enum err
check(struct request *rq, const struct span members[N], const char *path)
{
	const struct validate_message message = { .id = members[ID],
		.role = members[ROLE],
		.parts = members[PARTS] };
	struct validate_error error;

	if (validate_message(rq->arena, &message, path, &error) != OK)
		return request_invalid(
			rq, error.field, "%s: %s", error.field, error.detail);
	return OK;
}

enum err
chat_message_read(struct request *rq, struct span raw, const char *path,
	struct turn_message *out)
{
	struct span members[N];

	if (json_raw_kind(raw) != JSON_OBJECT)
		return request_invalid(rq, path, "%s: must be an object", path);
	json_raw_pick(raw, keys, N, members);
	take_old_form(rq->arena, members);
	TRY(check(rq, members, path));
	out->id = json_raw_text(rq->arena, members[ID]);
	if (out->id.data == NULL)
		out->id = span_of("");
	if (!chat_id_fits(out->id))
		return request_invalid(rq, path,
			"%s.id has at most %d characters.", path, CHAT_ID_MAX);
	out->is_user = json_raw_is(members[ROLE], ROLE_USER);
	out->parts = members[PARTS];
	TRY(read_metadata(rq, members[METADATA], &out->metadata));
	if (out->parts.len + out->metadata.len > CHAT_PARTS_MAX)
		return request_fail(rq, ERR_TOO_BIG, "message_too_large",
			"A message can be at most 12 MB. Send fewer or "
			"smaller files.");
	return OK;
}
