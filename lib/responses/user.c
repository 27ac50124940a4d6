/* Writes what a user has sent: texts and files. */

#include "responses/input.h"

static bool
is_image(enum llm_ability ability)
{
	return ability == TAKES_IMAGES || ability == TAKES_RARE_IMAGES;
}

/* vLLM requires the detail, and all other servers accept it. */
static void
put_image(struct json_writer *w, const struct sent_file *file)
{
	json_member_str(w, "type", "input_image");
	if (file->url.source == FILE_REMOTE)
		json_member_text(w, "image_url", file->url.content);
	else
		sent_file_put_base64(w, "image_url", sent_file_image_type(file),
			file->url.content);
	json_member_str(w, "detail", "auto");
}

static void
put_pdf(struct json_writer *w, const struct sent_file *file)
{
	struct span name = file->name;

	if (name.data == NULL)
		name = span_of("document.pdf");
	json_member_str(w, "type", "input_file");
	json_member_text(w, "filename", name);
	sent_file_put_base64(
		w, "file_data", span_of("application/pdf"), file->url.content);
}

/* Only images may be sent by address; other kinds are described in words. */
static bool
is_file(const struct responses_input *in, const struct said *said,
	struct sent_file *file)
{
	if (!sent_file_read(in->takes, said, file))
		return false;
	if (file->url.source == FILE_REMOTE)
		return is_image(file->ability);
	return file->url.source == FILE_BASE64 &&
		(is_image(file->ability) || file->ability == TAKES_PDF);
}

static void
put_part(struct responses_input *in, const struct said *said)
{
	struct buf words = BUF_INIT;
	struct sent_file file;

	json_open(in->w, '{');
	if (!is_file(in, said, &file)) {
		json_member_str(in->w, "type", "input_text");
		json_member_text(in->w, "text", sent_file_words(said, &words));
	} else {
		if (is_image(file.ability))
			put_image(in->w, &file);
		else
			put_pdf(in->w, &file);
		in->had |= TAKES_BIT(file.ability);
	}
	json_close(in->w, '}');
	buf_free(&words);
}

void
responses_put_said(struct responses_input *in, const struct turn *turn)
{
	json_key(in->w, "content");
	json_open(in->w, '[');
	for (size_t i = 0; i < turn->n_said; i++)
		put_part(in, &turn->said[i]);
	json_close(in->w, ']');
}
