#include "llm/received.h"

bool
received_header(struct received *received, size_t len)
{
	received->headers += len;
	return received->headers <= RECEIVED_HEADERS_MAX;
}

bool
received_body(
	struct received *received, CURL *easy, size_t reply_max, size_t len)
{
	curl_off_t wire = 0;

	received->body += len;
	received->silent += len;
	if (received->body / RECEIVED_PER_REPLY > reply_max ||
		(received->silent > RECEIVED_FREE &&
			received->silent / RECEIVED_SILENT > reply_max))
		return false;
	if (received->body <= RECEIVED_FREE)
		return true;
	curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
	return (received->body - RECEIVED_FREE) / RECEIVED_RATIO <=
		(size_t)wire;
}
