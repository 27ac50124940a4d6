/* What a person has sent: texts and files. */

#include "llm/openai_part.h"

#include "base/attr.h"
#include "llm/data_url.h"
#include "json/utf8.h"

#include <strings.h>

/* ---- files of a user */

static bool
is_media(struct span type, const char *word)
{
	return type.len == strlen(word) && span_begins_as(type, word);
}

struct file {
	struct file_url url;
	struct span type; /* what the URL says, else what the part says */
	struct span name; /* may be absent */
};

#define UNREADABLE ") cannot be read by this model.]"
#define NOTHING_IN_IT ") is empty.]"
#define LEFT_OUT ") is left out here: the conversation has become too long.]"

/* In place of a file that is not passed on: the model can say so. */
static void
add_note(struct buf *note, const struct file *file, const char *why)
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

static void
put_data_url(struct json_writer *w, const char *key, struct span type,
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

static bool
can_image(const struct file *file)
{
	return file->url.source == FILE_BASE64 ||
		file->url.source == FILE_REMOTE;
}

static void
put_image(struct json_writer *w, const struct file *file)
{
	const char *real = NULL;

	json_member_str(w, "type", "image_url");
	json_key(w, "image_url");
	json_open(w, '{');
	if (file->url.source == FILE_REMOTE) {
		json_member_text(w, "url", file->url.content);
	} else {
		real = image_type(file->url.content);
		if (real == NULL && is_media(file->type, "image/*"))
			real = "image/jpeg";
		put_data_url(w, "url",
			real != NULL ? span_of(real) : file->type,
			file->url.content);
	}
	json_close(w, '}');
}

static bool
can_pdf(const struct file *file)
{
	return file->url.source == FILE_BASE64;
}

static void
put_pdf(struct json_writer *w, const struct file *file)
{
	struct span name = file->name;

	if (name.data == NULL)
		name = span_of("document.pdf");
	json_member_str(w, "type", "file");
	json_key(w, "file");
	json_open(w, '{');
	json_member_text(w, "filename", name);
	put_data_url(
		w, "file_data", span_of("application/pdf"), file->url.content);
	json_close(w, '}');
}

static bool
can_audio(const struct file *file)
{
	return file->url.source == FILE_BASE64 &&
		(is_media(file->type, "audio/wav") ||
			is_media(file->type, "audio/mp3") ||
			is_media(file->type, "audio/mpeg"));
}

static void
put_audio(struct json_writer *w, const struct file *file)
{
	const char *format = is_media(file->type, "audio/wav") ? "wav" : "mp3";

	json_member_str(w, "type", "input_audio");
	json_key(w, "input_audio");
	json_open(w, '{');
	json_member_text(w, "data", file->url.content);
	json_member_str(w, "format", format);
	json_close(w, '}');
}

/* As TextDecoder reads it: without a byte-order mark, broken bytes replaced. */
static bool
add_text_file(struct buf *text, const struct file *file)
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

static struct file
file_of(const struct json *part)
{
	struct file file = { .url = file_url_split(
				     openai_part_text(part, "url")),
		.type = openai_part_text(part, "mediaType"),
		.name = openai_part_text(part, "filename") };

	if (file.url.type.data != NULL)
		file.type = file.url.type;
	return file;
}

/* What files go as; all others are told in words. */
static const struct kind {
	const char *type; /* its beginning */
	enum llm_ability ability;
	bool (*can)(const struct file *file);
	void (*put)(struct json_writer *w, const struct file *file);
} kinds[] = {
	{ "image/", TAKES_IMAGES, can_image, put_image },
	{ "image/", TAKES_RARE_IMAGES, can_image, put_image },
	{ "audio/", TAKES_AUDIO, can_audio, put_audio },
	{ "application/pdf", TAKES_PDF, can_pdf, put_pdf },
};

/* ---- a person's message */

bool
openai_is_said(const struct json *part)
{
	return openai_part_is(part, "file") ||
		(openai_part_is(part, "text") &&
			!openai_is_blank(openai_part_text(part, "text")));
}

/* By its bytes, when they tell. */
static bool
is_rare(const struct file *file)
{
	return image_is_rare(file->type) &&
		(file->url.source != FILE_BASE64 ||
			image_type(file->url.content) == NULL ||
			image_is_rare(span_of(image_type(file->url.content))));
}

static bool
is_taken(const struct llm_takes *takes, const struct kind *kind)
{
	return takes->way[kind->ability] == WAY_ON &&
		(kind->ability != TAKES_RARE_IMAGES ||
			takes->way[TAKES_IMAGES] == WAY_ON);
}

/* As what it is sent when it is sent as a file; NULL: in words. */
static const struct kind *
kind_of(const struct openai_messages *m, const struct openai_said *said)
{
	struct file file;

	if (said->part == NULL || said->left_out ||
		!openai_part_is(said->part, "file"))
		return NULL;
	file = file_of(said->part);
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (span_begins_as(file.type, kinds[i].type) &&
			(kinds[i].ability != TAKES_IMAGES || !is_rare(&file)))
			return is_taken(m->takes, &kinds[i]) &&
					kinds[i].can(&file)
				? &kinds[i]
				: NULL;
	return NULL;
}

/* A part in words, never blank. */
static struct span
words_of(const struct openai_said *said, struct buf *out)
{
	struct file file;

	if (said->part == NULL)
		return said->note;
	if (openai_part_is(said->part, "text"))
		return openai_part_text(said->part, "text");
	file = file_of(said->part);
	buf_clear(out);
	if (said->left_out)
		add_note(out, &file, LEFT_OUT);
	else if (!span_begins_as(file.type, "text/") ||
		!add_text_file(out, &file))
		add_note(out, &file, UNREADABLE);
	if (openai_is_blank(buf_span(out)))
		add_note(out, &file, NOTHING_IN_IT);
	return buf_span(out);
}

static void
put_part(struct openai_messages *m, const struct openai_said *said)
{
	const struct kind *kind = kind_of(m, said);
	struct buf words = BUF_INIT;
	struct file file;

	json_open(m->w, '{');
	if (kind != NULL) {
		file = file_of(said->part);
		kind->put(m->w, &file);
		m->had |= TAKES_BIT(kind->ability);
	} else {
		json_member_str(m->w, "type", "text");
		json_member_text(m->w, "text", words_of(said, &words));
	}
	openai_put_passed_on(m->w, json_get(said->part, "providerMetadata"));
	json_close(m->w, '}');
	buf_free(&words);
}

/* Texts alone are one text: every server takes that. */
static bool
is_plain(const struct openai_messages *m)
{
	for (size_t i = 0; i < m->n_said; i++)
		if (kind_of(m, &m->said[i]) != NULL ||
			(m->n_said > 1 &&
				openai_has_passed_on(json_get(
					m->said[i].part, "providerMetadata"))))
			return false;
	return true;
}

static void
put_plain(struct openai_messages *m)
{
	struct buf text = BUF_INIT, words = BUF_INIT;

	for (size_t i = 0; i < m->n_said; i++) {
		if (i > 0)
			buf_puts(&text, "\n\n");
		buf_put_span(&text, words_of(&m->said[i], &words));
	}
	json_member_text(m->w, "content", buf_span(&text));
	openai_put_passed_on(
		m->w, json_get(m->said[0].part, "providerMetadata"));
	buf_free(&text);
	buf_free(&words);
}

void
openai_put_said(struct openai_messages *m)
{
	if (is_plain(m)) {
		put_plain(m);
		return;
	}
	json_key(m->w, "content");
	json_open(m->w, '[');
	for (size_t i = 0; i < m->n_said; i++)
		put_part(m, &m->said[i]);
	json_close(m->w, ']');
}
