/* delta_test.c: events of a Responses answer take the short way when they
 * should, and mean the same by it (waystest.h). */

#include "../wire/waystest.h"
#include "after.h"
#include "base/attr.h"
#include "responses/wire.h"

#define DELTA(kind) "{\"type\":\"response." kind ".delta\","

static const struct way events[] = {
	{ DELTA("output_text") "\"sequence_number\":4,\"item_id\":\"msg_1\","
			       "\"output_index\":0,\"content_index\":0,\"delta\":"
			       "\"Hello\",\"logprobs\":[],\"obfuscation\":\"aB\"}",
		true },
	{ DELTA("output_text") "\"delta\":\"a\\n\\\"b\\\\\\u00e9\\u4f60\\t\"}",
		true },
	{ DELTA("output_text") "\"delta\":\"\xe4\xbd\xa0\",\"logprobs\":null}",
		true },
	{ DELTA("output_text") "\"delta\":\"\"}", true },
	{ DELTA("output_text") "\"delta\":\"plain words\"}", true },
	{ DELTA("output_text") "\"item_id\":\"msg_2\",\"delta\":\"more of them\"}",
		true },
	{ DELTA("reasoning_text") "\"delta\":\"it may be so\"}", true },
	{ DELTA("reasoning_summary_text") "\"delta\":\"in short\"}", true },
	{ DELTA("reasoning_summary_text") "\"item_id\":\"rs_1\",\"output_index\":"
					  "1,\"summary_index\":2,\"delta\":\"hm\"}",
		true },
	{ DELTA("reasoning_text") "\"item_id\":\"rs_1\",\"content_index\":1,"
				  "\"delta\":\"why\"}",
		true },
	{ DELTA("output_text") "\"delta\":\"\\ud83d\\ude00\"}", false },
	{ DELTA("output_text") "\"delta\":\"a\",\"delta\":\"b\"}", false },
	{ DELTA("output_text") "\"delta\":1}", false },
	{ DELTA("output_text") "\"item_id\":\"a\\u0062\",\"delta\":\"a\"}",
		false },
	{ DELTA("output_text") "\"output_index\":12345678901,\"delta\":\"a\"}",
		false },
	{ DELTA("output_text") "\"output_index\":-1,\"delta\":\"a\"}", false },
	{ DELTA("refusal") "\"delta\":\"No\"}", false },
	{ DELTA("function_call_arguments") "\"delta\":\"{}\"}", false },
	{ "{\"delta\":\"a\"}", false },
	{ "{\"type\":\"response.created\",\"response\":{}}", false },
	{ "{\"x\":[],\"type\":\"response.output_text.delta\",\"delta\":\"a\"}",
		false },
};

int
main(void)
{
	static struct ways ways = { &wire_responses, RESPONSES_AFTER, events,
		LENGTH(events) };

	return ways_test(&ways);
}
