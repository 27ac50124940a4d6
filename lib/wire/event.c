#include "wire/event.h"

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
		"No model is set up on this server yet. Ask your "
		"administrator to set one up." },
	[LLM_UNREACHABLE] = { "unreachable", false,
		"The model can't be reached right now. Try again in a "
		"minute." },
	[LLM_TLS] = { "tls", false,
		"The server can't connect to the model securely. Tell your "
		"administrator." },
	[LLM_SILENT] = { "silent", false,
		"The model didn't respond in time. Try again." },
	[LLM_STALLED] = { "stalled", true,
		"The model stopped in the middle of its reply. Try again." },
	[LLM_TOO_LONG] = { "too_long", true,
		"The reply took too long and was stopped. Try again, or "
		"ask for a shorter one." },
	[LLM_KEY] = { "key", false,
		"The model rejected this server's API key. Tell your "
		"administrator." },
	[LLM_REJECTED] = { "rejected", false,
		"The model rejected this request. Try rephrasing it, or "
		"leave out the attachments." },
	[LLM_NO_TOOLS] = { "no_tools", false,
		"This model doesn't support tools. Tell your administrator." },
	[LLM_NO_IMAGES] = { "no_images", false,
		"This model doesn't accept images. Try again without them." },
	[LLM_NO_FILES] = { "no_files", false,
		"This model doesn't accept files of this type. Try again "
		"without them." },
	[LLM_FILTERED] = { "filtered", false,
		"The model's safety filter blocked this request. Try "
		"rephrasing it." },
	[LLM_TOO_LARGE] = { "too_large", false,
		"This chat is now too long for the model. Start a new "
		"chat, or send less at once." },
	[LLM_NOT_FOUND] = { "not_found", false,
		"The model can't be found: its name or address is wrong. "
		"Tell your administrator." },
	[LLM_QUOTA] = { "quota", false,
		"This server's quota with the model provider is used up. "
		"Tell your administrator." },
	[LLM_THROTTLED] = { "throttled", false,
		"The model is getting too many requests. Wait a minute and "
		"try again." },
	[LLM_OVERLOADED] = { "overloaded", false,
		"The model is overloaded. Try again in a minute." },
	[LLM_FAILED] = { "failed", false,
		"The model is having problems right now. Try again in a "
		"minute." },
	[LLM_NOT_STREAM] = { "not_stream", false,
		"The model returned an invalid response. Try again; if it "
		"keeps happening, tell your administrator." },
	[LLM_CUT] = { "cut", true,
		"The connection to the model was lost before the reply was "
		"complete. Try again." },
	[LLM_ERROR] = { "error", false,
		"The model reported an error while replying. Try again." },
	[LLM_MALFORMED] = { "malformed", true,
		"The model sent something this server couldn't understand. "
		"Try again." },
	[LLM_TOO_BIG] = { "too_big", true,
		"The reply got too long and was cut off here. Ask for a "
		"shorter one." },
	[LLM_STEPS] = { "steps", false,
		"The model kept calling tools without answering and was "
		"stopped here. Try asking in a different way." },
	[LLM_STOPPED] = { "stopped", false, "" },
	[LLM_SHUTDOWN] = { "shutdown", true,
		"The server restarted before the reply was complete. Try "
		"again." },
	[LLM_DEFECT] = { "internal", false,
		"Something went wrong on the server. Try again." },
	[LLM_DATABASE] = { "database", true,
		"The server couldn't reach its database. Try again in a "
		"minute." },
	[LLM_UNSTORED] = { "unstored", true,
		"The reply couldn't be saved and was stopped here. Try "
		"again; if it keeps happening, tell your administrator." },
};

static const char *const finishes[] = {
	[LLM_FINISH_NONE] = NULL,
	[LLM_FINISH_STOP] = "stop",
	[LLM_FINISH_LENGTH] = "length",
	[LLM_FINISH_CONTENT_FILTER] = "content-filter",
	[LLM_FINISH_TOOL_CALLS] = "tool-calls",
	[LLM_FINISH_OTHER] = "other",
	[LLM_FINISH_PAUSED] = "other",
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

bool
llm_fault_is_theirs(enum llm_fault fault)
{
	static const bool theirs[LLM_FAULT_N] = {
		[LLM_UNREACHABLE] = true,
		[LLM_TLS] = true,
		[LLM_SILENT] = true,
		[LLM_KEY] = true,
		[LLM_NOT_FOUND] = true,
		[LLM_QUOTA] = true,
		[LLM_THROTTLED] = true,
		[LLM_OVERLOADED] = true,
		[LLM_FAILED] = true,
		[LLM_NOT_STREAM] = true,
	};

	return theirs[fault];
}
