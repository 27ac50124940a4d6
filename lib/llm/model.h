/*
 * model.h: one model that can be asked: how it is asked (wire/settings.h), and
 * where it is. A model never changes once made, so all threads may share it;
 * changed settings make a new model. Its users hold it, a reply until it is
 * over. So a model may be changed or removed at any time without affecting
 * anything that runs.
 */

#ifndef LLM_MODEL_H
#define LLM_MODEL_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "wire/event.h"
#include "wire/settings.h"

#include <stdatomic.h>

struct llm_endpoint;

struct llm_model {
	struct llm_settings settings;
	/* the settings for asking for a title (title.h) */
	struct llm_settings title;
	struct llm_endpoint *endpoint; /* NULL if the model cannot be asked */

	uint64_t id; /* of its row; 0 for the configuration's model */
	uint64_t fallback_id; /* the model asked if this one fails; 0 if none */
	const char *label, *provider; /* shown to people */
	uint32_t versions[2]; /* of the rows that it was made from */
	bool is_default;

	/*
	 * Its performance in this process: the number of failures in
	 * succession, and the time of the last one (clock_mono_ms()); how all
	 * requests have ended; how many were answered, and the sum of the times
	 * to their first words.
	 */
	atomic_uint n_failed;
	_Atomic int64_t failed_ms;
	atomic_uint n_ended[LLM_FAULT_N];
	atomic_uint n_begun;
	_Atomic uint64_t begun_ms;

	struct arena arena; /* has the lifetime of the model */
	atomic_uint holders;
};

/* Opens the model of the [llm] section, which is copied; what *settings* points
 * at must outlive the model. The caller holds it once. ERR_INVALID (logged), as
 * in llm_endpoint_open(). */
MUST_USE enum err llm_model_open(const struct llm_conf *conf,
	const struct llm_settings *settings, struct llm_model **out);

/* Returns an empty model, held once, which the caller fills in before sharing
 * it. */
struct llm_model *llm_model_new(void);

/* Fills in the rest, except id, prices and effort of the settings. *conf* must
 * live as long as the model's arena; the tools are those of *with*. *headers*
 * is a JSON object of strings, or NULL. */
MUST_USE enum err
llm_model_fill(struct llm_model *model, const struct llm_conf *conf,
	const struct llm_settings *with, const struct json *headers);

/* Whether the model has an address and a name. */
bool llm_model_is_set(const struct llm_model *model);

/* Notes at *now_ms* that a request has ended with *fault*. */
void
llm_model_note(struct llm_model *model, enum llm_fault fault, int64_t now_ms);

/* Notes that the first words arrived *ms* after the request was sent. */
void llm_model_note_first(struct llm_model *model, int64_t ms);

/* Whether the model cannot be asked, or has repeatedly failed in the last
 * minutes. */
bool llm_model_fails(const struct llm_model *model, int64_t now_ms);

/* Holds the model once more and returns it. NULL is allowed, as below. */
struct llm_model *llm_model_hold(struct llm_model *model);
void llm_model_release(struct llm_model *model);

/* Holds the model until *arena* is reset. */
struct llm_model *
llm_model_hold_in(struct arena *arena, struct llm_model *model);

#endif
