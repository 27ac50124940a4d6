/*
 * sent_file.h: what a user has sent in a form for the model: texts as they are,
 * and files in the model's form for them, or described in words.
 */

#ifndef WIRE_SENT_FILE_H
#define WIRE_SENT_FILE_H

#include "base/buf.h"
#include "wire/data_url.h"
#include "wire/takes.h"
#include "json/json.h"
#include "json/write.h"

#include <stdbool.h>

/* A part of a user message: as stored, or a text of ours. */
struct said {
	const struct json *part; /* NULL: *note* is the text */
	struct span note;
	bool left_out; /* a file for which there is no room */
};

/* Whether a user's part contains anything for the model. */
bool sent_file_is_said(const struct json *part);

/* A file in a form that the model accepts. */
struct sent_file {
	struct file_url url;
	struct span type; /* from the URL, otherwise from the part */
	struct span name; /* may be absent */
	enum llm_ability ability; /* TAKES_IMAGES, _RARE_IMAGES, _AUDIO, _PDF */
};

/* False if the part is sent in words. A wire that cannot send such a file (by
 * address, or of that type) also sends it in words. */
bool sent_file_read(const struct llm_takes *takes, const struct said *said,
	struct sent_file *out);

/* The image's type, by its bytes if they are recognized. */
struct span sent_file_image_type(const struct sent_file *file);

/* Writes the member *key* with a data: URL. */
void sent_file_put_base64(struct json_writer *w, const char *key,
	struct span type, struct span base64);

/* Whether this is the type, ignoring case. */
bool sent_file_is(struct span type, const char *word);

/* The part in words, never blank: the text, a text file's content, or a line
 * that names the file. The result is in *out*, which is cleared first, or in
 * the part. */
struct span sent_file_words(const struct said *said, struct buf *out);

#endif
