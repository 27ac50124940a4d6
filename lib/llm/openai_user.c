/* What a person has sent: texts and files. */

#include "llm/openai_part.h"

#include "llm/data_url.h"
#include "json/utf8.h"

#include <strings.h>

/* ---- files of a user */

static bool
starts_with(struct span text, const char *prefix)
{
	return text.len >= strlen(prefix) &&
		strncasecmp(text.data, prefix, strlen(prefix)) == 0;
}

static bool
is_media(struct span type, const char *word)
{
	return type.len == strlen(word) && starts_with(type, word);
}

struct file {
	struct file_url url;
	struct span type; /* what the URL says, else what the part says */
	struct span name; /* may be absent */
};

/* In place of a file that cannot be passed on: the model can say so. */
static void
put_note(struct json_writer *w, const struct file *file)
{
	struct buf note = BUF_INIT;

	buf_puts(&note, "[The attached file ");
	if (file->name.len > 0) {
		buf_putc(&note, '"');
		buf_put_span(&note, file->name);
		buf_puts(&note, "\" ");
	}
	buf_puts(&note, "(");
	buf_put_span(&note, file->type);
	buf_puts(&note, ") cannot be read by this model.]");
	json_member_str(w, "type", "text");
	json_member_text(w, "text", buf_span(&note));
	buf_free(&note);
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
put_image(struct json_writer *w, const struct file *file)
{
	const char *real = NULL;

	if (file->url.source != FILE_BASE64 && file->url.source != FILE_REMOTE)
		return false;
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
	return true;
}

static bool
put_pdf(struct json_writer *w, const struct file *file)
{
	struct span name = file->name;

	if (file->url.source != FILE_BASE64)
		return false;
	if (name.data == NULL)
		name = span_of("document.pdf");
	json_member_str(w, "type", "file");
	json_key(w, "file");
	json_open(w, '{');
	json_member_text(w, "filename", name);
	put_data_url(
		w, "file_data", span_of("application/pdf"), file->url.content);
	json_close(w, '}');
	return true;
}

static bool
put_audio(struct json_writer *w, const struct file *file)
{
	const char *format = is_media(file->type, "audio/wav") ? "wav" : "mp3";

	if (file->url.source != FILE_BASE64 ||
		(!is_media(file->type, "audio/wav") &&
			!is_media(file->type, "audio/mp3") &&
			!is_media(file->type, "audio/mpeg")))
		return false;
	json_member_str(w, "type", "input_audio");
	json_key(w, "input_audio");
	json_open(w, '{');
	json_member_text(w, "data", file->url.content);
	json_member_str(w, "format", format);
	json_close(w, '}');
	return true;
}

/* As TextDecoder reads it: without a byte-order mark, broken bytes replaced. */
static bool
put_text_file(struct json_writer *w, const struct file *file)
{
	struct buf bytes = BUF_INIT, text = BUF_INIT;
	bool ok = file_url_decode(&file->url, &bytes);

	if (bytes.len >= 3 && memcmp(bytes.data, "\xef\xbb\xbf", 3) == 0)
		buf_consume(&bytes, 3);
	if (ok) {
		utf8_repair(&text, buf_span(&bytes));
		json_member_str(w, "type", "text");
		json_member_text(w, "text", buf_span(&text));
	}
	buf_free(&bytes);
	buf_free(&text);
	return ok;
}

static bool
put_known_file(struct json_writer *w, const struct file *file)
{
	if (starts_with(file->type, "image/"))
		return put_image(w, file);
	if (starts_with(file->type, "audio/"))
		return put_audio(w, file);
	if (starts_with(file->type, "text/"))
		return put_text_file(w, file);
	return is_media(file->type, "application/pdf") && put_pdf(w, file);
}

static void
put_file(struct json_writer *w, const struct json *part)
{
	struct file file = { .url = file_url_split(
				     openai_part_text(part, "url")),
		.type = openai_part_text(part, "mediaType"),
		.name = openai_part_text(part, "filename") };

	if (file.url.type.data != NULL)
		file.type = file.url.type;
	if (!put_known_file(w, &file))
		put_note(w, &file);
}

/* ---- a user's message */

static bool
is_user_content(const struct json *part)
{
	return openai_part_is(part, "file") ||
		(openai_part_is(part, "text") &&
			openai_part_text(part, "text").len > 0);
}

static void
put_user_part(struct json_writer *w, const struct json *part)
{
	json_open(w, '{');
	if (openai_part_is(part, "file")) {
		put_file(w, part);
	} else {
		json_member_str(w, "type", "text");
		json_member_text(w, "text", openai_part_text(part, "text"));
	}
	openai_put_passed_on(w, json_get(part, "providerMetadata"));
	json_close(w, '}');
}

/* One text alone is a plain string. */
void
openai_put_user(struct json_writer *w, const struct json *parts)
{
	const struct json *only = NULL, *part;
	size_t n = 0;

	for (size_t i = 0; i < json_length(parts); i++) {
		if (is_user_content(json_at(parts, i))) {
			only = json_at(parts, i);
			n++;
		}
	}
	json_open(w, '{');
	json_member_str(w, "role", "user");
	if (n == 1 && openai_part_is(only, "text")) {
		json_member_text(w, "content", openai_part_text(only, "text"));
		openai_put_passed_on(w, json_get(only, "providerMetadata"));
	} else {
		json_key(w, "content");
		json_open(w, '[');
		for (size_t i = 0; i < json_length(parts); i++) {
			part = json_at(parts, i);
			if (is_user_content(part))
				put_user_part(w, part);
		}
		json_close(w, ']');
	}
	json_close(w, '}');
}
