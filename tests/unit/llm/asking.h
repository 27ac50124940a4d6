/* asking.h: writes a request of one kind and examines it. */

#ifndef UNIT_LLM_ASKING_H
#define UNIT_LLM_ASKING_H

#include "conf/conf.h"
#include "llm/request.h"
#include "../wire/vector.h"

struct asking {
	struct arena arena;
	struct llm_settings settings;
	struct llm_ask ask;
	struct llm_asked asked;
	struct buf body;
};

/* Starts without a system prompt or tools, and with unlimited room. */
void asking_begin(struct asking *a, int64_t kind, const char *model);
void asking_end(struct asking *a);

/* Sets llm.options. */
void asking_options(struct asking *a, const char *json);

/* Writes the request for these messages' parts: user, model, user, ... */
void asking_write(struct asking *a, const char *const *parts, size_t n);

/* Expects this member of the body; NULL expects that it is absent. */
void asking_expect(struct asking *a, const char *member, const char *json);

#endif
