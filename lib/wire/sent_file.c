#include "wire/sent_file.h"

#include "base/attr.h"
#include "wire/part.h"
#include "json/utf8.h"

#include <strings.h>

/* ---- files of a user */

bool
sent_file_is(struct span type, const char *word)
{
	return type.len == strlen(word) && span_begins_as(type, word);
}

#define UNREADABLE ") cannot be read by this model.]"
#define NOTHING_IN_IT ") is empty.]"
#define LEFT_OUT ") is left out here: the conversation has become too long.]"

/* Appends a note in place of a file that is not passed on, so the model can
 * mention it. */
static void
add_note(struct buf *note, const struct sent_file *file, const char *why)
{
	buf_puts(note, "[The attached file ");
	if (file->name.len > 0) {
		buf_putc(note, '"');
		buf_put_span(note, file->name);
		buf_puts(note, "\" ");
	}
	buf_puts(note, "(");
	buf_put_span(note, file->type);
	buf_puts(note, why);
}

/* Decodes like TextDecoder: without a byte-order mark, and with broken bytes
 * replaced. */
static bool
add_text_file(struct buf *text, const struct sent_file *file)
{
	struct buf bytes = BUF_INIT;
	bool ok = file_url_decode(&file->url, &bytes);

	if (bytes.len >= 3 && memcmp(bytes.data, "\xef\xbb\xbf", 3) == 0)
		buf_consume(&bytes, 3);
	if (ok)
		utf8_repair(text, buf_span(&bytes));
	buf_free(&bytes);
	return ok;
}

static struct sent_file
file_of(const struct json *part)
{
	struct sent_file file = { .url = file_url_split(
					  llm_part_text(part, "url")),
		.type = llm_part_text(part, "mediaType"),
		.name = llm_part_text(part, "filename") };

	if (file.url.type.data != NULL)
		file.type = file.url.type;
	return file;
}

/* ---- a user message */

bool
sent_file_is_said(const struct json *part)
{
	return llm_part_is(part, "file") ||
		(llm_part_is(part, "text") &&
			!llm_is_blank(llm_part_text(part, "text")));
}

/* Decides by the file's bytes if they are recognized. */
static bool
is_rare(const struct sent_file *file)
{
	return image_is_rare(file->type) &&
		(file->url.source != FILE_BASE64 ||
			image_type(file->url.content) == NULL ||
			image_is_rare(span_of(image_type(file->url.content))));
}

/* Writes a part in words, never blank. */
struct span
sent_file_words(const struct said *said, struct buf *out)
{
	struct sent_file file;

	if (said->part == NULL)
		return said->note;
	if (llm_part_is(said->part, "text"))
		return llm_part_text(said->part, "text");
	file = file_of(said->part);
	buf_clear(out);
	if (said->left_out)
		add_note(out, &file, LEFT_OUT);
	else if (!span_begins_as(file.type, "text/") ||
		!add_text_file(out, &file))
		add_note(out, &file, UNREADABLE);
	if (llm_is_blank(buf_span(out)))
		add_note(out, &file, NOTHING_IN_IT);
	return buf_span(out);
}

/* ---- files in their own form */

static const struct {
	const char *type; /* beginning of the type */
	enum llm_ability ability;
} kinds[] = {
	{ "image/", TAKES_IMAGES },
	{ "audio/", TAKES_AUDIO },
	{ "application/pdf", TAKES_PDF },
};

static bool
is_taken(const struct llm_takes *takes, enum llm_ability ability)
{
	return takes->way[ability] == WAY_ON &&
		(ability != TAKES_RARE_IMAGES ||
			takes->way[TAKES_IMAGES] == WAY_ON);
}

bool
sent_file_read(const struct llm_takes *takes, const struct said *said,
	struct sent_file *out)
{
	if (said->part == NULL || said->left_out ||
		!llm_part_is(said->part, "file"))
		return false;
	*out = file_of(said->part);
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		if (!span_begins_as(out->type, kinds[i].type))
			continue;
		out->ability = kinds[i].ability;
		if (out->ability == TAKES_IMAGES && is_rare(out))
			out->ability = TAKES_RARE_IMAGES;
		return is_taken(takes, out->ability);
	}
	return false;
}

struct span
sent_file_image_type(const struct sent_file *file)
{
	const char *real = file->url.source == FILE_BASE64
		? image_type(file->url.content)
		: NULL;

	if (real == NULL && sent_file_is(file->type, "image/*"))
		real = "image/jpeg";
	return real != NULL ? span_of(real) : file->type;
}

void
sent_file_put_base64(struct json_writer *w, const char *key, struct span type,
	struct span base64)
{
	struct buf url = BUF_INIT;

	buf_puts(&url, "data:");
	buf_put_span(&url, type);
	buf_puts(&url, ";base64,");
	buf_put_span(&url, base64);
	json_member_text(w, key, buf_span(&url));
	buf_free(&url);
}
