/*
 * asking.h: a request of one kind, written and looked at.
 */

#ifndef UNIT_LLM_ASKING_H
#define UNIT_LLM_ASKING_H

#include "conf/conf.h"
#include "llm/request.h"
#include "vector.h"

struct asking {
	struct arena arena;
	struct llm_settings settings;
	struct llm_ask ask;
	struct llm_asked asked;
	struct buf body;
};

/* With no prompt, no tools and all the room that there is. */
void asking_begin(struct asking *a, int64_t kind, const char *model);
void asking_end(struct asking *a);

/* llm.options */
void asking_options(struct asking *a, const char *json);

/* Writes the request of these messages' parts: a person, the model, ... */
void asking_write(struct asking *a, const char *const *parts, size_t n);

/* A member of the body is that; with NULL it is not there. */
void asking_expect(struct asking *a, const char *member, const char *json);

#endif
