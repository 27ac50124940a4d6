#include "chat/lessons.h"

#include "base/clock.h"
#include "base/log.h"
#include "llm/wires.h"
#include "repo/model_takes.h"

/* Covers everything that a request depends on, except the conversation and the
 * key. */
static struct model_takes
model_of(struct arena *arena, const struct llm_settings *settings)
{
	struct buf key = BUF_INIT;
	struct model_takes model = { .name = settings->model };

	/* Chat completions have no word here: their keys are older than the
	 * other wires. */
	if (settings->kind != CONF_OPENAI)
		buf_printf(&key, "%s\n", wire_of(settings->kind)->word);
	buf_printf(&key, "%s\n%s\n%s\n%lld\n", settings->base_url,
		settings->model, settings->takes_words,
		(long long)settings->context_tokens);
	buf_put_span(&key, settings->options);
	buf_putc(&key, '\n');
	buf_put_span(&key, settings->tools);
	model.key = arena_span(arena, buf_span(&key));
	buf_free(&key);
	return model;
}

/* Adds the lessons of the row to *settings*; the configuration takes
 * precedence. */
static void
take(const struct model_takes *model, const struct llm_settings *settings,
	struct llm_takes *out)
{
	*out = (struct llm_takes){ 0 };
	if (llm_takes_read(out, model->takes, false) != OK)
		log_warn("model_unreadable", "takes=\"%.*s\"",
			(int)model->takes.len, model->takes.data);
	out->context_tokens = model->context_tokens;
	out->bytes = model->bytes_100;
	for (unsigned i = 0; i < LLM_ABILITY_N; i++) {
		if (!settings->takes.given[i])
			continue;
		out->way[i] = settings->takes.way[i];
		out->given[i] = true;
	}
}

enum err
lessons_read(struct db *db, struct arena *arena,
	const struct llm_settings *settings, struct llm_takes *out)
{
	struct model_takes model = model_of(arena, settings);

	TRY(model_takes_find(db, arena, clock_wall_ms(), &model));
	take(&model, settings, out);
	return OK;
}

/* ---- storing lessons */

struct keeping {
	const struct llm_settings *settings;
	const struct lesson *lesson;
	struct arena arena;
	struct llm_takes was, is;
};

static void
merge(struct keeping *k)
{
	const struct lesson *lesson = k->lesson;

	k->is = k->was;
	for (unsigned i = 0; i < LLM_ABILITY_N; i++)
		if ((lesson->abilities & TAKES_BIT(i)) != 0 && !k->is.given[i])
			k->is.way[i] = lesson->takes.way[i];
	if (lesson->context)
		k->is.context_tokens = lesson->takes.context_tokens;
	if (lesson->bytes)
		k->is.bytes = lesson->takes.bytes;
}

static enum err
keep(struct db *db, void *arg)
{
	struct keeping *k = arg;
	struct model_takes model = model_of(&k->arena, k->settings);
	int64_t now_ms = clock_wall_ms(), until_ms;
	struct buf words = BUF_INIT;
	enum err err;

	TRY(model_takes_lock(db, &k->arena, now_ms, &model));
	take(&model, k->settings, &k->was);
	merge(k);
	until_ms =
		now_ms + (k->lesson->guessed ? LESSON_GUESSED_MS : LESSON_MS);
	if ((k->lesson->abilities != 0 || k->lesson->context) &&
		(model.forget_ms == 0 || until_ms < model.forget_ms))
		model.forget_ms = until_ms;
	llm_takes_write(&k->is, &words);
	model.takes = buf_span(&words);
	if (words.data == NULL)
		model.takes = span_of("");
	model.context_tokens = k->is.context_tokens;
	model.bytes_100 = k->is.bytes;
	err = model_takes_put(db, now_ms, &model);
	buf_free(&words);
	return err;
}

/* Logs the lesson once, in the process that has learned it. */
static void
tell(const struct keeping *k)
{
	struct buf words = BUF_INIT;

	for (unsigned i = 0; i < LLM_ABILITY_N; i++)
		if (k->is.way[i] != k->was.way[i])
			buf_printf(&words, "%s%s", words.len > 0 ? ", " : "",
				llm_takes_sentence(&k->is, i));
	if (k->is.context_tokens != k->was.context_tokens)
		buf_printf(&words, "%stold at most %lld tokens",
			words.len > 0 ? ", " : "",
			(long long)k->is.context_tokens);
	if (words.len > 0)
		log_warn("model_learned",
			"model=\"%s\" reason=\"it refused another form\" "
			"now=\"it is %s\" for_hours=%d",
			k->settings->model, buf_str(&words),
			k->lesson->guessed ? 1 : 24);
	buf_free(&words);
}

enum err
lessons_keep(struct db *db, const struct llm_settings *settings,
	const struct lesson *lesson)
{
	struct keeping k = { .settings = settings, .lesson = lesson };
	enum err err = db_transaction(db, keep, &k);

	if (err == OK)
		tell(&k);
	arena_reset(&k.arena);
	return err;
}
