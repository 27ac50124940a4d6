/* delta_test.c: events of an Anthropic answer take the short way when they
 * should, and mean the same by it (waystest.h). */

#include "../wire/waystest.h"
#include "anthropic/wire.h"
#include "base/attr.h"

#define DELTA(delta) \
	"{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{" delta "}}"
#define TEXT "\"type\":\"text_delta\",\"text\":"
#define THINKING "\"type\":\"thinking_delta\",\"thinking\":"

static const struct way events[] = {
	{ DELTA(TEXT "\"Hello\""), true },
	{ DELTA(TEXT "\"a\\n\\\"b\\\\\\u00e9\\u4f60\\t\""), true },
	{ DELTA(TEXT "\"\xe4\xbd\xa0\""), true },
	{ DELTA(TEXT "\"\""), true },
	{ DELTA(TEXT "\"plain words\""), true },
	{ DELTA(TEXT "\"more of them, and longer\""), true },
	{ DELTA(THINKING "\"it may be so\""), true },
	{ DELTA(THINKING "\"or it may not\""), true },
	{ DELTA(THINKING "\"hm\""), true },
	{ "{ \"delta\" : { \"text\" : \"t\" , \"type\" : \"text_delta\" } , "
	  "\"index\" : 12 , \"type\" : \"content_block_delta\" }",
		true },
	{ "{\"type\":\"content_block_delta\",\"delta\":{" TEXT "\"a\"}}",
		true },
	{ DELTA(TEXT "\"\\ud83d\\ude00\""), false },
	{ DELTA(TEXT "\"\\ud83d\""), false },
	{ DELTA(TEXT "\"\\u0000\""), false },
	{ DELTA(TEXT "\"a\",\"text\":\"b\""), false },
	{ DELTA(TEXT "\"a\",\"thinking\":\"b\""), false },
	{ DELTA(TEXT "null"), false },
	{ DELTA("\"type\":\"text_delta\""), true },
	{ DELTA("\"type\":\"thinking_delta\",\"text\":\"a\""), false },
	{ DELTA("\"text\":\"a\""), false },
	{ DELTA("\"type\":\"signature_delta\",\"signature\":\"s\""), false },
	{ DELTA("\"type\":\"input_json_delta\",\"partial_json\":\"{\""),
		false },
	{ "{\"type\":\"content_block_delta\",\"index\":12345678901,\"delta\":{" TEXT
	  "\"a\"}}",
		false },
	{ "{\"type\":\"content_block_delta\",\"index\":-1,\"delta\":{" TEXT
	  "\"a\"}}",
		false },
	{ "{\"type\":\"content_block_stop\",\"index\":0}", false },
	{ "{\"type\":\"ping\"}", false },
	{ "{\"x\":[],\"type\":\"content_block_delta\",\"delta\":{" TEXT
	  "\"a\"}}",
		false },
};

int
main(void)
{
	static struct ways ways = { &wire_anthropic, "", events,
		LENGTH(events) };

	return ways_test(&ways);
}
