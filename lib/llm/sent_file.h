/*
 * sent_file.h: what a person has sent, as a model is told of it: texts, and
 * files as what they can be sent, or in words.
 */

#ifndef LLM_SENT_FILE_H
#define LLM_SENT_FILE_H

#include "base/buf.h"
#include "llm/data_url.h"
#include "llm/takes.h"
#include "json/json.h"
#include "json/write.h"

#include <stdbool.h>

/* A part of what a person has said: as stored, or a text of ours. */
struct said {
	const struct json *part; /* NULL: *note* */
	struct span note;
	bool left_out; /* a file that there is no room for */
};

/* Whether there is anything in a person's part for the model. */
bool sent_file_is_said(const struct json *part);

/* A file that this model takes. */
struct sent_file {
	struct file_url url;
	struct span type; /* what the URL says, else what the part says */
	struct span name; /* may be absent */
	enum llm_ability ability; /* TAKES_IMAGES, _RARE_IMAGES, _AUDIO, _PDF */
};

/* False: what was said is told in words. A wire that cannot send such a file
 * (by address, of that type) tells it in words, too. */
bool sent_file_read(const struct llm_takes *takes, const struct said *said,
	struct sent_file *out);

/* What kind of image it is, by its bytes when they tell. */
struct span sent_file_image_type(const struct sent_file *file);

/* The member *key*: a data: URL. */
void sent_file_put_base64(struct json_writer *w, const char *key,
	struct span type, struct span base64);

/* Whether the type is that one, whatever the case of its letters. */
bool sent_file_is(struct span type, const char *word);

/* What was said in words, never blank: the text, a text file's content, or a
 * line that names the file. In *out*, which is cleared, or where it was. */
struct span sent_file_words(const struct said *said, struct buf *out);

#endif
