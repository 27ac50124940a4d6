#include "api/etag.h"

#include "auth/token.h"

#include <string.h>

/* Increase it when answers for the same rows change their form. */
#define SHAPES 1
#define TAG_BYTES ((size_t)12)
#define TAG_LEN (2 * TAG_BYTES)

void
etag_add(struct etag *etag, uint64_t value)
{
	buf_append(&etag->parts, &value, sizeof(value));
}

void
etag_add_text(struct etag *etag, struct span text)
{
	etag_add(etag, text.len);
	buf_put_span(&etag->parts, text);
}

static void
make_tag(struct etag *etag, char tag[TAG_LEN + 1])
{
	static const char digits[] = "0123456789abcdef";
	char hash[TOKEN_HASH_LEN];

	etag_add(etag, SHAPES);
	token_hash(buf_span(&etag->parts), hash);
	buf_free(&etag->parts);
	for (size_t i = 0; i < TAG_BYTES; i++) {
		tag[2 * i] = digits[(unsigned char)hash[i] >> 4];
		tag[2 * i + 1] = digits[hash[i] & 0xf];
	}
	tag[TAG_LEN] = '\0';
}

/* Apache appends this to the tags of answers that it has compressed. */
#define GZIP "-gzip"

/* The text after *tag* in a list of tags, weak or not; NULL if it is missing.
 * All our tags have the same length, so none is a prefix of another. */
static const char *
find(const char *header, const char *tag)
{
	while (header != NULL && (header = strchr(header, '"')) != NULL)
		if (strncmp(++header, tag, TAG_LEN) == 0)
			return header + TAG_LEN;
	return NULL;
}

bool
etag_matches(struct etag *etag, const struct request *rq, struct response *rs)
{
	const char *found;
	char tag[TAG_LEN + 1];

	etag_add_text(etag, buf_span(&rs->headers));
	make_tag(etag, tag);
	found = find(request_header(rq, "If-None-Match"), tag);
	response_header(rs, "ETag", "W/\"%s%s\"", tag,
		found != NULL && strncmp(found, GZIP, strlen(GZIP)) == 0 ? GZIP
									 : "");
	rs->cache = "private, no-cache";
	if (found == NULL)
		return false;
	rs->status = 304;
	return true;
}
