/*
 * address_fuzz.c: addresses of models, proxies, clients and files. Must hold
 * for any bytes: what is accepted as an address leads libcurl to the same host
 * without a name, a password or a query; what a file's address contains is
 * decoded as its form says.
 */

#include "fuzz.h"

#include "base/address.h"
#include "base/arena.h"
#include "llm/where.h"
#include "wire/data_url.h"

#include <curl/curl.h>

static bool
has(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	bool found = curl_url_get(url, part, &text, 0) == CURLUE_OK &&
		text[0] != '\0';

	curl_free(text);
	return found;
}

/* As a request reads it: without the tolerance for unknown schemes. */
static void
must_be_plain(const char *text)
{
	CURLU *url = curl_url();

	must(url != NULL, "memory");
	must(curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK,
		"libcurl can ask it");
	must(has(url, CURLUPART_HOST), "a host");
	must(!has(url, CURLUPART_USER) && !has(url, CURLUPART_PASSWORD),
		"no secret");
	must(!has(url, CURLUPART_QUERY) && !has(url, CURLUPART_FRAGMENT),
		"a path can be added");
	curl_url_cleanup(url);
}

static void
check_file(struct span text)
{
	struct file_url file = file_url_split(text);
	struct buf out = BUF_INIT;

	if (file.source == FILE_BASE64) {
		(void)image_type(file.content);
		must(pdf_pages(file.content) >= 1, "a PDF has a page");
		if (file_url_decode(&file, &out))
			must(out.len <= file.content.len / 4 * 3 + 3,
				"three bytes of four");
	} else if (file.source == FILE_ESCAPED) {
		if (file_url_decode(&file, &out))
			must(out.len <= file.content.len, "never longer");
	}
	must(!image_is_rare(span_of("image/png")), "PNG is known");
	(void)image_is_rare(file.type);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	const char *text = arena_str(&arena, (const char *)data, size);
	uint8_t network[ADDRESS_NETWORK_LEN];

	if (where_is_base_url(text)) {
		must_be_plain(text);
		must(!where_has_password(text), "no password");
		(void)address_in_clear(text);
	}
	if (where_is_proxy(text))
		(void)where_has_password(text);
	if (address_network(text, network))
		must(strspn(text, "0123456789abcdefABCDEF.:%") > 0,
			"an address has digits");
	(void)address_is_here(text);
	check_file(fuzz_span(data, size));
	arena_reset(&arena);
	return 0;
}
