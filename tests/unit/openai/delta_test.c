/* delta_test.c: events of an OpenAI answer take the short way when they
 * should, and mean the same by it (waystest.h). */

#include "../wire/waystest.h"
#include "base/attr.h"
#include "openai/wire.h"

static const struct way events[] = {
	{ "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":"
	  "1700000000,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{"
	  "\"content\":\"Hello\"},\"logprobs\":null,\"finish_reason\":null}]}",
		true },
	{ "{\"choices\": [{\"delta\": {\"role\": \"assistant\", \"content\": "
	  "\"a\\n\\\"b\\\\\\u00e9\\u4f60\\t\"}, \"index\": 0}], \"usage\": null}",
		true },
	{ "{\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\",\"content\":"
	  "\"x\"}}]}",
		true },
	{ "{\"choices\":[{\"delta\":{\"reasoning\":\"why\",\"content\":null,"
	  "\"role\":\"\"}}],\"id\":null}",
		true },
	{ "{\"choices\":[{\"delta\":{\"reasoning_content\":null,\"reasoning\":"
	  "\"r\\u002f\",\"refusal\":null,\"tool_calls\":null}}]}",
		true },
	{ "{\"choices\":[{\"delta\":{\"content\":\"\\ud83d\\ude00\"}}]}",
		false },
	{ "{\"choices\":[{\"delta\":{\"content\":\"\\ud83d\"}}]}", false },
	{ "{\"choices\":[{\"delta\":{\"content\":\"\\u0000\"}}]}", false },
	{ "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}", false },
	{ "{\"choices\":[{\"delta\":{\"content\":\"a\"}},{\"delta\":{\"content\":"
	  "\"b\"}}]}",
		false },
	{ "{\"choices\":[]}", false },
	{ "{\"choices\":[{\"delta\":{\"content\":\"a\",\"content\":\"b\"}}]}",
		false },
	{ "{\"error\":null,\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
		false },
	{ "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{"
	  "\"prompt_tokens\":1,\"completion_tokens\":2}}",
		false },
	{ "{\"choices\":[{\"delta\":{\"content\":\"\xe4\xbd\xa0\xe5\xa5\xbd\"}}]}",
		true },
	{ "{\"x\":[],\"choices\":[{\"delta\":{\"content\":\"a\"}}]}", false },
};

int
main(void)
{
	static struct ways ways = { &wire_openai, "", events, LENGTH(events) };

	return ways_test(&ways);
}
