/* delta_test.c: events of a Gemini answer take the short way when they
 * should, and mean the same by it (waystest.h). */

#include "../wire/waystest.h"
#include "base/attr.h"
#include "gemini/wire.h"

#define PART(part)                                                          \
	"{\"candidates\": [{\"content\": {\"parts\": [" part "],\"role\": " \
	"\"model\"},\"index\": 0}],\"usageMetadata\": {"                    \
	"\"promptTokenCount\": 8,\"candidatesTokenCount\": 3,"              \
	"\"totalTokenCount\": 18,\"promptTokensDetails\": [{\"modality\": " \
	"\"TEXT\",\"tokenCount\": 8}],\"thoughtsTokenCount\": 7},"          \
	"\"modelVersion\": \"gemini-2.5-flash\",\"responseId\": \"x\"}"

static const struct way events[] = {
	{ PART("{\"text\": \"Hello\"}"), true },
	{ PART("{\"text\": \"hm\\n\\u00e9\",\"thought\": true}"), true },
	{ PART("{\"thought\":true,\"text\":\"\"}"), true },
	{ PART("{\"text\":\"\xe4\xbd\xa0\"}"), true },
	{ PART("{}"), true },
	{ "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}",
		true },
	{ "{\"candidates\":[{}],\"usageMetadata\":{\"cachedContentTokenCount\":"
	  "1,\"cacheTokensDetails\":[{},{\"tokenCount\":0}]}}",
		true },
	{ PART("{\"text\":\"a\",\"thoughtSignature\":\"s\"}"), false },
	{ PART("{\"text\":\"a\"},{\"text\":\"b\"}"), false },
	{ PART("{\"text\":\"a\",\"thought\":false}"), false },
	{ PART("{\"text\":\"\\ud83d\\ude00\"}"), false },
	{ PART("{\"text\":\"a\",\"text\":\"b\"}"), false },
	{ PART("{\"functionCall\":{\"name\":\"f\"}}"), false },
	{ "{\"candidates\":[{\"finishReason\":\"STOP\"}]}", false },
	{ "{\"candidates\":[{\"index\":1}]}", false },
	{ "{\"usageMetadata\":{\"promptTokenCount\":1}}", false },
	{ "{\"candidates\":[{}],\"usageMetadata\":{\"promptTokenCount\":"
	  "9999999999999999999999}}",
		false },
	{ "{\"x\":[],\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}",
		false },
};

int
main(void)
{
	static struct ways ways = { &wire_gemini, "", events, LENGTH(events) };

	return ways_test(&ways);
}
