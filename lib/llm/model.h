/*
 * model.h: one model that can be asked: how it is asked (settings.h) and where
 * it is. It never changes once made, so all threads may share it; who is asked
 * something else is another one. Whoever works with it holds it, a reply until
 * it is over: so a model may be changed or removed at any time, and nothing
 * that runs notices.
 */

#ifndef LLM_MODEL_H
#define LLM_MODEL_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "llm/event.h"
#include "llm/settings.h"

#include <stdatomic.h>

struct llm_endpoint;

struct llm_model {
	struct llm_settings settings;
	struct llm_settings title; /* as a title is asked for (title.h) */
	struct llm_endpoint *endpoint; /* NULL: it cannot be asked anything */

	uint64_t id; /* of its row; 0: of the configuration's */
	uint64_t fallback_id; /* who is asked when it fails; 0: nobody */
	const char *label, *provider; /* for people */
	uint32_t versions[2]; /* of the rows that it is made of */
	bool is_default;

	/* How it does, in this process: requests that failed one after the other,
	 * and when the last one did (clock_mono_ms()); how all have ended; how
	 * many have begun to answer, and how long that took together. */
	atomic_uint n_failed;
	_Atomic int64_t failed_ms;
	atomic_uint n_ended[LLM_FAULT_N];
	atomic_uint n_begun;
	_Atomic uint64_t begun_ms;

	struct arena arena; /* lives as long as it */
	atomic_uint holders;
};

/* Of the [llm] section, which is copied from; what *settings* points at must
 * outlive it. Held once, by the caller. ERR_INVALID (logged), as
 * llm_endpoint_open(). */
MUST_USE enum err llm_model_open(const struct llm_conf *conf,
	const struct llm_settings *settings, struct llm_model **out);

/* An empty one, held once, for the caller to fill in before anybody else knows
 * it. */
struct llm_model *llm_model_new(void);

/* Fills in the rest, but for id, prices and effort of the
 * settings: *conf* lives in its arena, or longer; the
 * tools are those of *with*. *headers*: a JSON object of texts, or NULL. */
MUST_USE enum err
llm_model_fill(struct llm_model *model, const struct llm_conf *conf,
	const struct llm_settings *with, const struct json *headers);

/* Whether there is an address and a name to ask for. */
bool llm_model_is_set(const struct llm_model *model);

/* A request has ended so, at *now_ms*. */
void
llm_model_note(struct llm_model *model, enum llm_fault fault, int64_t now_ms);

/* A request has got its first words, so long after it was sent. */
void llm_model_note_first(struct llm_model *model, int64_t ms);

/* Whether it cannot be asked, or has failed again and again in the last
 * minutes. */
bool llm_model_fails(const struct llm_model *model, int64_t now_ms);

/* The same model, held once more. NULL is nothing, as below. */
struct llm_model *llm_model_hold(struct llm_model *model);
void llm_model_release(struct llm_model *model);

/* Holds it until *arena* is reset. */
struct llm_model *
llm_model_hold_in(struct arena *arena, struct llm_model *model);

#endif
