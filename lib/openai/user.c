/* Writes what a user has sent: texts and files. */

#include "openai/messages.h"

#include "wire/part.h"

static bool
can_image(const struct sent_file *file)
{
	return file->url.source == FILE_BASE64 ||
		file->url.source == FILE_REMOTE;
}

static void
put_image(struct json_writer *w, const struct sent_file *file)
{
	json_member_str(w, "type", "image_url");
	json_key(w, "image_url");
	json_open(w, '{');
	if (file->url.source == FILE_REMOTE)
		json_member_text(w, "url", file->url.content);
	else
		sent_file_put_base64(w, "url", sent_file_image_type(file),
			file->url.content);
	json_close(w, '}');
}

static bool
can_pdf(const struct sent_file *file)
{
	return file->url.source == FILE_BASE64;
}

static void
put_pdf(struct json_writer *w, const struct sent_file *file)
{
	struct span name = file->name;

	if (name.data == NULL)
		name = span_of("document.pdf");
	json_member_str(w, "type", "file");
	json_key(w, "file");
	json_open(w, '{');
	json_member_text(w, "filename", name);
	sent_file_put_base64(
		w, "file_data", span_of("application/pdf"), file->url.content);
	json_close(w, '}');
}

static bool
can_audio(const struct sent_file *file)
{
	return file->url.source == FILE_BASE64 &&
		(sent_file_is(file->type, "audio/wav") ||
			sent_file_is(file->type, "audio/mp3") ||
			sent_file_is(file->type, "audio/mpeg"));
}

static void
put_audio(struct json_writer *w, const struct sent_file *file)
{
	const char *format =
		sent_file_is(file->type, "audio/wav") ? "wav" : "mp3";

	json_member_str(w, "type", "input_audio");
	json_key(w, "input_audio");
	json_open(w, '{');
	json_member_text(w, "data", file->url.content);
	json_member_str(w, "format", format);
	json_close(w, '}');
}

/* The forms for files; all other files are described in words. */
static const struct kind {
	bool (*can)(const struct sent_file *file);
	void (*put)(struct json_writer *w, const struct sent_file *file);
} kinds[LLM_ABILITY_N] = {
	[TAKES_IMAGES] = { can_image, put_image },
	[TAKES_RARE_IMAGES] = { can_image, put_image },
	[TAKES_AUDIO] = { can_audio, put_audio },
	[TAKES_PDF] = { can_pdf, put_pdf },
};

static bool
is_file(const struct openai_messages *m, const struct said *said,
	struct sent_file *file)
{
	return sent_file_read(m->takes, said, file) &&
		kinds[file->ability].can(file);
}

static void
put_part(struct openai_messages *m, const struct said *said)
{
	struct buf words = BUF_INIT;
	struct sent_file file;

	json_open(m->w, '{');
	if (is_file(m, said, &file)) {
		kinds[file.ability].put(m->w, &file);
		m->had |= TAKES_BIT(file.ability);
	} else {
		json_member_str(m->w, "type", "text");
		json_member_text(m->w, "text", sent_file_words(said, &words));
	}
	openai_put_passed_on(m->w, json_get(said->part, "providerMetadata"));
	json_close(m->w, '}');
	buf_free(&words);
}

/* Texts alone are sent as one string, which every server accepts. */
static bool
is_plain(const struct openai_messages *m, const struct turn *turn)
{
	struct sent_file file;

	for (size_t i = 0; i < turn->n_said; i++)
		if (is_file(m, &turn->said[i], &file) ||
			(turn->n_said > 1 &&
				openai_has_passed_on(
					json_get(turn->said[i].part,
						"providerMetadata"))))
			return false;
	return true;
}

static void
put_plain(struct openai_messages *m, const struct turn *turn)
{
	struct buf text = BUF_INIT, words = BUF_INIT;

	for (size_t i = 0; i < turn->n_said; i++) {
		if (i > 0)
			buf_puts(&text, "\n\n");
		buf_put_span(&text, sent_file_words(&turn->said[i], &words));
	}
	json_member_text(m->w, "content", buf_span(&text));
	openai_put_passed_on(
		m->w, json_get(turn->said[0].part, "providerMetadata"));
	buf_free(&text);
	buf_free(&words);
}

void
openai_put_said(struct openai_messages *m, const struct turn *turn)
{
	if (is_plain(m, turn)) {
		put_plain(m, turn);
		return;
	}
	json_key(m->w, "content");
	json_open(m->w, '[');
	for (size_t i = 0; i < turn->n_said; i++)
		put_part(m, &turn->said[i]);
	json_close(m->w, ']');
}
