/*
 * data_url.h: the `url` of a file part: "data:<type>;base64,<content>" (RFC
 * 2397), plain base64, or an address; and what the content really is.
 */

#ifndef LLM_DATA_URL_H
#define LLM_DATA_URL_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

enum file_source {
	FILE_BASE64, /* content is base64 */
	FILE_ESCAPED, /* content is percent-encoded text */
	FILE_REMOTE, /* http: or https: */
	FILE_UNKNOWN, /* anything else */
};

struct file_url {
	enum file_source source;
	struct span type; /* media type as the URL says, or absent */
	struct span content; /* as it stands in the URL */
};

/* Takes the URL apart; spans point into it. */
struct file_url file_url_split(struct span url);

/* Appends the decoded content. False: it is not what its source says. */
bool file_url_decode(const struct file_url *url, struct buf *out);

/* The media type of an image by its first bytes, or NULL. *base64* is its
 * content. */
const char *image_type(struct span base64);

/* About how many pages a PDF has, at least 1; *base64* is its content. */
unsigned pdf_pages(struct span base64);

/* Whether it is an image of a type that not all models with images know: HEIC,
 * AVIF, SVG, TIFF ... */
bool image_is_rare(struct span type);

#endif
