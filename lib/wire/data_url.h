/*
 * data_url.h: the `url` of a file part: "data:<type>;base64,<content>" (RFC
 * 2397), plain base64, or an address; and the actual type of the content.
 */

#ifndef WIRE_DATA_URL_H
#define WIRE_DATA_URL_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

enum file_source {
	FILE_BASE64, /* the content is base64 */
	FILE_ESCAPED, /* the content is percent-encoded text */
	FILE_REMOTE, /* http: or https: */
	FILE_UNKNOWN, /* anything else */
};

struct file_url {
	enum file_source source;
	struct span type; /* the media type in the URL, or absent */
	struct span content; /* unchanged from the URL */
};

/* Splits the URL; the spans point into it. */
struct file_url file_url_split(struct span url);

/* Appends the decoded content. False if it is not encoded as *source* says. */
bool file_url_decode(const struct file_url *url, struct buf *out);

/* The media type of an image, recognized by its first bytes; NULL if unknown.
 * *base64* is its content. */
const char *image_type(struct span base64);

/* The approximate number of pages of a PDF, at least 1; *base64* is its
 * content. */
unsigned pdf_pages(struct span base64);

/* Whether the image type is one that not all vision models support: HEIC, AVIF,
 * SVG, TIFF ... */
bool image_is_rare(struct span type);

#endif
