#include "llm/event.h"

#include "base/attr.h"

#include <stddef.h>

struct fault {
	const char *word;
	bool interrupts;
	const char *sentence;
};

static const struct fault faults[LLM_FAULT_N] = {
	[LLM_OK] = { "ok", false, "" },
	[LLM_NO_MODEL] = { "no_model", false,
		"No model is set up on this server yet. Please ask its "
		"administrator to set one." },
	[LLM_UNREACHABLE] = { "unreachable", false,
		"The model cannot be reached at the moment. Please try again "
		"in a minute." },
	[LLM_TLS] = { "tls", false,
		"No secure connection to the model could be made. Please tell "
		"the administrator of this server." },
	[LLM_SILENT] = { "silent", false,
		"The model did not answer in time. Please try again." },
	[LLM_STALLED] = { "stalled", true,
		"The model stopped in the middle of its answer. Please try "
		"again." },
	[LLM_TOO_LONG] = { "too_long", true,
		"The answer took too long and was ended. Please try again, or "
		"ask for a shorter one." },
	[LLM_KEY] = { "key", false,
		"The model refused this server's key. Please tell the "
		"administrator of this server." },
	[LLM_REJECTED] = { "rejected", false,
		"The model refused this request. Please try again with other "
		"words or without attachments." },
	[LLM_NO_TOOLS] = { "no_tools", false,
		"This model does not know tools. Please tell the "
		"administrator of this server." },
	[LLM_NO_IMAGES] = { "no_images", false,
		"This model does not take images. Please try again without "
		"them." },
	[LLM_NO_FILES] = { "no_files", false,
		"This model does not take files of this kind. Please try again "
		"without them." },
	[LLM_FILTERED] = { "filtered", false,
		"The model's safety filter refused this request. Please try "
		"again with other words." },
	[LLM_TOO_LARGE] = { "too_large", false,
		"This conversation has become too long for the model. Please "
		"start a new session or send less at once." },
	[LLM_NOT_FOUND] = { "not_found", false,
		"The model is not there: its name or address is wrong. Please "
		"tell the administrator of this server." },
	[LLM_QUOTA] = { "quota", false,
		"The quota of this server at the model is used up. Please tell "
		"the administrator of this server." },
	[LLM_THROTTLED] = { "throttled", false,
		"The model has too much to do at the moment. Please wait a "
		"minute and try again." },
	[LLM_OVERLOADED] = { "overloaded", false,
		"The model is overloaded at the moment. Please try again in a "
		"minute." },
	[LLM_FAILED] = { "failed", false,
		"The model has a problem at the moment. Please try again in a "
		"minute." },
	[LLM_NOT_STREAM] = { "not_stream", false,
		"The model sent something that is not an answer. Please try "
		"again; if it stays so, tell the administrator." },
	[LLM_CUT] = { "cut", true,
		"The connection to the model was lost before the answer was "
		"complete. Please try again." },
	[LLM_ERROR] = { "error", false,
		"The model reported an error while it answered. Please try "
		"again." },
	[LLM_MALFORMED] = { "malformed", true,
		"The model sent something that could not be understood. Please "
		"try again." },
	[LLM_TOO_BIG] = { "too_big", true,
		"The answer became too long and was ended here. Please ask for "
		"a shorter one." },
	[LLM_STEPS] = { "steps", false,
		"The model kept calling tools instead of answering and was "
		"ended here. Please ask again in other words." },
	[LLM_STOPPED] = { "stopped", false, "" },
	[LLM_SHUTDOWN] = { "shutdown", true,
		"The server was restarted before the answer was complete. "
		"Please try again." },
	[LLM_UNSTORED] = { "unstored", true,
		"The answer could not be stored and was ended here. Please try "
		"again; if it stays so, tell the administrator." },
};

static const char *const finishes[] = {
	[LLM_FINISH_NONE] = NULL,
	[LLM_FINISH_STOP] = "stop",
	[LLM_FINISH_LENGTH] = "length",
	[LLM_FINISH_CONTENT_FILTER] = "content-filter",
	[LLM_FINISH_TOOL_CALLS] = "tool-calls",
	[LLM_FINISH_OTHER] = "other",
};

const char *
llm_finish_word(enum llm_finish finish)
{
	return finishes[finish];
}

const char *
llm_fault_word(enum llm_fault fault)
{
	return faults[fault].word;
}

enum llm_fault
llm_fault_of(struct span word)
{
	for (int i = LLM_OK; i < LLM_FAULT_N; i++)
		if (span_is(word, faults[i].word))
			return (enum llm_fault)i;
	return LLM_OK;
}

const char *
llm_fault_sentence(enum llm_fault fault)
{
	return faults[fault].sentence;
}

bool
llm_fault_interrupts(enum llm_fault fault)
{
	return faults[fault].interrupts;
}
