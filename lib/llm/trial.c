#include "llm/trial.h"

#include "base/clock.h"
#include "base/loop.h"
#include "llm/client.h"
#include "llm/offers.h"
#include "llm/request.h"
#include "llm/settings_load.h"
#include "wire/adapt.h"

#include <inttypes.h>

/* All requests must end before a web server's timeout. */
#define BEGIN_WITHIN_MS 30000 /* when the last request may begin */
#define ONE_MS 20000
#define NOT_TRIED "Not tried: "

static const char TOOLS[] =
	"[{\"type\":\"function\",\"function\":{\"name\":\"lamp\","
	"\"description\":\"Turns the lamp on or off.\",\"parameters\":{"
	"\"type\":\"object\",\"properties\":{\"on\":{\"type\":\"boolean\"}},"
	"\"required\":[\"on\"]}}}]";

static const char SAY_OK[] = "[{\"type\":\"text\",\"text\":\"Say OK.\"}]";

static const char CALL[] =
	"[{\"type\":\"text\",\"text\":\"Turn the lamp on, by the tool.\"}]";

/* A red square of 32 by 32 pixels. */
static const char LOOK[] =
	"[{\"type\":\"text\",\"text\":\"Which colour is this? One word.\"},"
	"{\"type\":\"file\",\"mediaType\":\"image/png\",\"filename\":\"a.png\","
	"\"url\":\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAA"
	"D8GO2jAAAAJ0lEQVR42u3NsQkAAAjAsP7/tF7hIASyp6lTCQQCgUAgEAgEgi/BAjLD/C5w"
	"/SM9AAAAAElFTkSuQmCC\"}]";

/* One ability under trial, in as many forms as it takes. */
struct trying {
	struct arena *arena;
	struct loop *loop;
	struct llm_client *client;
	struct llm_model *model;
	const struct llm_settings *settings;
	int64_t began_ms;
	struct llm_takes takes;

	const char *parts;
	struct adapt adapt;
	struct llm_asked asked;
	struct llm_call *call;
	unsigned attempts;
	bool again; /* it was asked for in another form */
	bool said, called, thought; /* what the answer contained */
	enum llm_fault fault;
};

static void
on_event(void *arg, const struct llm_event *event)
{
	struct trying *t = arg;

	t->said = t->said || event->type == LLM_TEXT;
	t->called = t->called || event->type == LLM_TOOL_START;
	t->thought = t->thought || event->type == LLM_REASONING;
}

static void
on_end(void *arg, const struct llm_result *result)
{
	struct trying *t = arg;
	const struct failure *refusal = llm_call_refusal(t->call, &t->attempts);

	t->fault = result->fault;
	t->again = refusal != NULL &&
		adapt_next(&t->adapt, &t->asked, refusal, &t->takes);
	t->call = NULL;
	loop_stop(t->loop);
}

static bool
is_late(const struct trying *t)
{
	return clock_mono_ms() - t->began_ms > BEGIN_WITHIN_MS;
}

static enum err
ask_once(struct trying *t)
{
	static const struct llm_handlers handlers = { on_event, on_end };
	struct llm_ask ask = { .settings = t->settings, .takes = t->takes };
	struct llm_message message = { .role = LLM_USER,
		.parts = span_of(t->parts) };
	struct buf body = BUF_INIT;
	enum err err =
		llm_request(t->arena, &ask, &message, 1, &body, &t->asked);

	t->again = false;
	if (err == OK) {
		t->call = llm_call_start(
			t->client, t->model, &body, t->attempts, &handlers, t);
		loop_run(t->loop);
	}
	buf_free(&body);
	return err;
}

/* Makes a request, and keeps what it has taught if that helped. */
static enum err
ask(struct trying *t, const struct llm_settings *settings, const char *parts)
{
	struct llm_takes before = t->takes;
	unsigned kept;

	t->settings = settings;
	t->parts = parts;
	t->adapt = (struct adapt){ 0 };
	t->said = t->called = t->again = false;
	t->attempts = 0;
	do
		TRY(ask_once(t));
	while (t->again && !is_late(t));
	kept = adapt_lessons(&t->adapt, t->fault == LLM_OK);
	for (unsigned i = 0; i < LLM_ABILITY_N; i++)
		if ((kept & TAKES_BIT(i)) == 0)
			t->takes.way[i] = before.way[i];
	return OK;
}

/* ---- sentences about the result */

static void
note(struct llm_trial *out, enum llm_check check, bool ok, const char *detail)
{
	static const char *const names[LLM_CHECK_N] = { "list", "answer",
		"tools", "images", "reasoning" };

	out->checks[check].name = names[check];
	out->checks[check].ok = ok;
	out->checks[check].detail = detail;
}

/* *n* is the number of names that the provider lists. */
static const char *
listed(struct arena *arena, bool there, size_t n)
{
	if (n == 0)
		return "The provider lists no models.";
	if (n == 1)
		return there ? "It is the only model that the provider lists."
			     : "The provider lists one model, and this is not "
			       "it.";
	return arena_printf(arena,
		"It is %s of the %zu models that the provider lists.",
		there ? "one" : "none", n);
}

static enum err
check_list(struct arena *arena, const struct llm_conf *conf,
	const struct json *headers, struct llm_trial *out)
{
	struct llm_offers offers;
	bool there = false;
	enum err err = llm_offers(arena, conf, headers, &offers);

	if (err == ERR_UPSTREAM)
		note(out, LLM_CHECK_LIST, false, offers.trouble);
	if (err != OK)
		return err == ERR_UPSTREAM ? OK : err;
	for (size_t i = 0; i < offers.n && !there; i++)
		there = span_is(offers.names[i], conf->model);
	note(out, LLM_CHECK_LIST, there, listed(arena, there, offers.n));
	return OK;
}

static enum err
check_answer(struct trying *t, const struct llm_settings *settings,
	struct llm_trial *out)
{
	int64_t began_ms = clock_mono_ms();

	TRY(ask(t, settings, SAY_OK));
	note(out, LLM_CHECK_ANSWER, t->fault == LLM_OK && t->said,
		t->fault != LLM_OK ? llm_fault_sentence(t->fault)
			: !t->said ? "It answered without a word."
				   : arena_printf(t->arena,
					     "It answered in %" PRId64 " ms.",
					     clock_mono_ms() - began_ms));
	return OK;
}

/* Why the model accepts none of them: learned, or configured. */
static const char *
without(const struct trying *t, enum llm_ability ability, const char *found)
{
	return t->takes.given[ability]
		? "Turned off in its settings (takes). Clear that to try it."
		: found;
}

static enum err
check_tools(struct trying *t, const struct llm_settings *settings,
	struct llm_trial *out)
{
	bool off;

	if (is_late(t)) {
		note(out, LLM_CHECK_TOOLS, false,
			NOT_TRIED "the answers took too long.");
		return OK;
	}
	TRY(ask(t, settings, CALL));
	off = t->takes.way[TAKES_TOOLS] == WAY_OFF;
	note(out, LLM_CHECK_TOOLS, t->fault == LLM_OK && !off,
		off ? without(t, TAKES_TOOLS, "It takes no tools.")
			: t->fault != LLM_OK ? llm_fault_sentence(t->fault)
			: t->called ? "It called the tool that was offered."
				    : "It takes tools, and called none.");
	return OK;
}

static enum err
check_images(struct trying *t, const struct llm_settings *settings,
	struct llm_trial *out)
{
	bool off;

	if (is_late(t)) {
		note(out, LLM_CHECK_IMAGES, false,
			NOT_TRIED "the answers took too long.");
		return OK;
	}
	TRY(ask(t, settings, LOOK));
	/* In a chat one file might be at fault; here it is the model. */
	if (t->fault == LLM_NO_IMAGES ||
		(t->adapt.told & TAKES_BIT(TAKES_IMAGES)) != 0)
		t->takes.way[TAKES_IMAGES] = WAY_OFF;
	off = t->takes.way[TAKES_IMAGES] == WAY_OFF;
	note(out, LLM_CHECK_IMAGES, t->fault == LLM_OK && !off,
		off ? without(t, TAKES_IMAGES, "It takes no images.")
			: t->fault != LLM_OK ? llm_fault_sentence(t->fault)
					     : "It takes images.");
	return OK;
}

/* ---- the whole trial */

static enum err
try_all(struct trying *t, const struct llm_settings *plain,
	const struct llm_settings *tools, struct llm_trial *out)
{
	static const char first[] =
		NOT_TRIED "it has to answer before it can be asked more.";

	TRY(check_answer(t, plain, out));
	if (!out->checks[LLM_CHECK_ANSWER].ok) {
		for (unsigned i = LLM_CHECK_TOOLS; i < LLM_CHECK_N; i++)
			note(out, i, false, first);
		return OK;
	}
	TRY(check_tools(t, tools, out));
	TRY(check_images(t, plain, out));
	note(out, LLM_CHECK_REASONING, t->thought,
		t->thought ? "It shows its thoughts."
			   : "It showed no thoughts; it may think when it is "
			     "asked more, or with an effort.");
	return OK;
}

/* The configuration of chats, without the site's own parts and with shorter
 * timeouts. */
static struct llm_conf
conf_of(const struct llm_conf *conf)
{
	struct llm_conf own = *conf;

	own.tools_file = own.system_prompt = "";
	own.retries = 0;
	own.first_byte_timeout_ms = MIN(own.first_byte_timeout_ms, ONE_MS);
	own.total_timeout_ms = MIN(own.total_timeout_ms, ONE_MS);
	if (*own.max_tokens == '\0')
		own.max_tokens = "2048";
	return own;
}

static enum err
run(struct trying *t, const struct llm_conf *conf, const struct json *headers,
	struct llm_trial *out)
{
	struct llm_settings plain, tools;
	enum err err;

	TRY(llm_settings_load(t->arena, conf, &plain));
	tools = plain;
	TRY(llm_settings_add_tools(
		t->arena, "llm.tools_file", span_of(TOOLS), &tools));
	t->takes = plain.takes;
	t->model = llm_model_new();
	err = llm_model_fill(t->model, conf, &plain, headers);
	if (err == OK)
		err = loop_open(&t->loop);
	if (err == OK) {
		t->client = llm_client_open(t->loop, conf);
		err = try_all(t, &plain, &tools, out);
		llm_client_close(t->client);
		loop_close(t->loop);
	}
	llm_model_release(t->model);
	out->takes = t->takes;
	return err;
}

enum err
llm_trial(struct arena *arena, const struct llm_conf *conf,
	const struct json *headers, struct llm_trial *out)
{
	struct trying t = { .arena = arena, .began_ms = clock_mono_ms() };
	struct llm_conf own = conf_of(conf);

	*out = (struct llm_trial){ 0 };
	TRY(check_list(arena, &own, headers, out));
	return run(&t, &own, headers, out);
}

void
llm_trial_takes(const struct llm_trial *trial, const struct llm_conf *conf,
	struct buf *out)
{
	buf_puts(out, conf->takes);
	llm_takes_write(&trial->takes, out);
}
