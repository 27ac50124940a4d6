/*
 * failure_fuzz.c: an error's body. Must hold for any bytes: what goes into the
 * log is short, on one line, valid UTF-8, and holds no piece of the key.
 */

#include "fuzz.h"

#include "base/buf.h"
#include "wire/failure.h"
#include "wire/failure_log.h"
#include "json/utf8.h"

#define KEY "qZ7kP2mX9vB4tL8w"
#define REQUEST                                                   \
	"{\"messages\":[{\"role\":\"user\",\"content\":\"CANARY-" \
	"word\"}]}"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char key[] = KEY;
	struct failure failure;
	struct buf body = BUF_INIT, out = BUF_INIT;

	buf_append(&body, data, size);
	failure_read(&failure, 400, buf_span(&body));
	must(failure_fault(&failure, LLM_ERROR) != LLM_OK, "a fault");
	failure_log_put(&out, failure.message, KEY, span_of(REQUEST));
	must(out.len <= FAILURE_LOG_MAX, "short");
	must(utf8_valid(buf_span(&out)), "UTF-8");
	for (size_t i = 0; i < out.len; i++)
		must((unsigned char)out.data[i] >= ' ', "one line");
	for (size_t i = 0; i + 4 <= strlen(key); i++)
		must(memmem(buf_str(&out), out.len, &key[i], 4) == NULL,
			"no piece of the key");
	must(memmem(buf_str(&out), out.len, "CANARY-w", 8) == NULL,
		"nothing of the conversation");
	buf_free(&body);
	buf_free(&out);
	return 0;
}
