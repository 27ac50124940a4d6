/* Writes what a user has sent: texts, images, documents. */

#include "anthropic/messages.h"

static bool
is_file(const struct anthropic_messages *m, const struct said *said,
	struct sent_file *file)
{
	return sent_file_read(&m->takes, said, file) &&
		(file->url.source == FILE_BASE64 ||
			file->url.source == FILE_REMOTE);
}

static void
put_source(struct json_writer *w, const struct sent_file *file)
{
	bool remote = file->url.source == FILE_REMOTE;

	json_key(w, "source");
	json_open(w, '{');
	json_member_str(w, "type", remote ? "url" : "base64");
	if (remote) {
		json_member_text(w, "url", file->url.content);
	} else {
		json_member_text(w, "media_type",
			file->ability == TAKES_PDF
				? span_of("application/pdf")
				: sent_file_image_type(file));
		json_member_text(w, "data", file->url.content);
	}
	json_close(w, '}');
}

static void
put_file(struct anthropic_messages *m, const struct sent_file *file)
{
	bool pdf = file->ability == TAKES_PDF;

	m->had |= TAKES_BIT(file->ability);
	json_member_str(m->w, "type", pdf ? "document" : "image");
	put_source(m->w, file);
	if (pdf && file->name.len > 0)
		json_member_text(m->w, "title", file->name);
}

void
anthropic_put_said(
	struct anthropic_messages *m, const struct said *said, bool mark)
{
	struct buf words = BUF_INIT;
	struct sent_file file;

	json_open(m->w, '{');
	if (is_file(m, said, &file)) {
		put_file(m, &file);
	} else {
		json_member_str(m->w, "type", "text");
		json_member_text(m->w, "text", sent_file_words(said, &words));
	}
	if (mark)
		anthropic_put_mark(m);
	json_close(m->w, '}');
	buf_free(&words);
}
