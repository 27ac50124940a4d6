#include "llm/failure.h"

#include "base/arena.h"
#include "json/json.h"

#include <curl/curl.h>

static bool
is_plain_word(struct span word)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
			c != '_')
			return false;
	}
	return word.len > 0 && word.len < FAILURE_CODE_LEN;
}

void
failure_code(struct span body, char code[FAILURE_CODE_LEN])
{
	struct arena arena = ARENA_INIT;
	const struct json *json, *error;
	struct span word = { NULL, 0 };

	if (json_parse_loose(&arena, body, &json) == OK) {
		error = json_get(json, "error");
		word = json_text(json_get(error, "code"));
		if (word.len == 0)
			word = json_text(json_get(error, "type"));
	}
	if (!is_plain_word(word))
		word.len = 0;
	if (word.len > 0)
		memcpy(code, word.data, word.len);
	code[word.len] = '\0';
	arena_reset(&arena);
}

enum llm_fault
failure_of_status(long status, const char *code)
{
	if (strcmp(code, "context_length_exceeded") == 0 || status == 413)
		return LLM_TOO_LARGE;
	if (status == 401 || status == 403)
		return LLM_KEY;
	if (status == 429)
		return LLM_THROTTLED;
	if (status == 408 || status == 409 || status >= 500)
		return LLM_FAILED;
	if (status == 404 || status == 405 || status < 400)
		return LLM_NOT_FOUND;
	return LLM_REJECTED;
}

enum llm_fault
failure_of_curl(int code)
{
	switch (code) {
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_CACERT_BADFILE:
		return LLM_TLS;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return LLM_NOT_STREAM;
	default:
		return LLM_UNREACHABLE;
	}
}
