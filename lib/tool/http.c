/*
 * A site's own tool: POST {name, arguments, toolCallId, messageId, sessionId,
 * userId}, with the trace (base/trace.h) -> 2xx with a JSON value | any other
 * status with {error}
 */

#include "tool/tool.h"

#include "wire/tools.h"
#include "json/utf8.h"
#include "json/write.h"

#define ERROR_GRAPHEMES 1000

static void
put_request(struct buf *body, const struct tool_run *run)
{
	struct json_writer w = json_writer(body);

	json_open(&w, '{');
	json_member_str(&w, "name", run->tool->name);
	json_member_raw(&w, "arguments", run->input_text);
	json_member_text(&w, "toolCallId", run->call_id);
	json_member_id(&w, "messageId", run->message_id);
	json_member_id(&w, "sessionId", run->session_id);
	json_member_id(&w, "userId", run->user_id);
	json_close(&w, '}');
}

/* Writes the tool's own error message. */
static void
put_error(struct tool_run *run, struct span body, struct buf *out)
{
	const struct json *json;
	struct span text = { NULL, 0 };

	if (json_parse(run->arena, body, &json) == OK)
		text = json_text(json_get(json, "error"));
	if (text.len > 0 && utf8_valid(text))
		buf_put_span(out, utf8_prefix(text, ERROR_GRAPHEMES));
}

static enum err
take(struct tool_run *run, const struct web_answer *answer, struct buf *out)
{
	struct span body = buf_span(&answer->body);
	enum err err;

	if (answer->status / 100 != 2) {
		put_error(run, body, out);
		return ERR_UPSTREAM;
	}
	err = answer->cut ? ERR_TOO_BIG : llm_tool_output(body, out);
	if (err == ERR_TOO_BIG)
		buf_puts(out, "The tool's response is too large.");
	if (err == ERR_INVALID) {
		buf_puts(out, "The tool's response isn't valid JSON.");
		err = ERR_UPSTREAM;
	}
	return err;
}

enum err
tool_http(struct tool_run *run, struct buf *out)
{
	struct buf body = BUF_INIT;
	struct web_request request = { .url = run->tool->url,
		.body_max = run->tool->output_max,
		.trace = run->trace,
		.patience = run->patience };
	struct web_answer answer;
	enum err err = ERR_UPSTREAM;

	put_request(&body, run);
	request.json = buf_span(&body);
	switch (web_exchange(run->arena, &request, &answer)) {
	case WEB_OK:
		err = take(run, &answer, out);
		break;
	case WEB_TIMEOUT:
		buf_puts(out, "The tool didn't respond in time.");
		break;
	case WEB_BAD_URL:
	case WEB_REFUSED:
	case WEB_UNREACHABLE:
		buf_puts(out, "The tool couldn't be reached.");
		break;
	}
	buf_free(&answer.body);
	buf_free(&body);
	return err;
}
