/*
 * assistant_form.h: what somebody says of an assistant or a prompt, as the
 * members of a JSON object, checked and put into a row (admin_form.h): of a
 * body, and of each item of a file that is imported.
 *
 *	assistant  name, icon, description, modelId, instructions, options, tools,
 *	           starters
 *	prompt     name, text
 *
 * and `published` of both. Those of a file have what it does not say of
 * others: id, mine, version, updateTime, which are passed over.
 */

#ifndef API_ASSISTANT_FORM_H
#define API_ASSISTANT_FORM_H

#include "api/admin_form.h"
#include "repo/assistant.h"
#include "repo/saved_prompt.h"

#include <stdbool.h>

/* What a body says. */
struct assistant_form {
	struct admin_form form;
	struct assistant_text text;
	bool says_text; /* anything of it */
	bool says_model; /* modelId: whether there is such a model is to check */
	const bool *published; /* NULL: nothing */
};

struct prompt_form {
	struct admin_form form;
	const char *name; /* NULL: nothing */
	struct span text; /* absent: nothing */
	const bool *published;
};

/* Nothing said yet; *body* is an object in *arena*. */
struct assistant_form
assistant_form(struct arena *arena, const struct json *body);
struct prompt_form prompt_form(struct arena *arena, const struct json *body);

/* Over what *text* has, or name and text. ERR_INVALID with form->field and
 * detail. */
MUST_USE enum err assistant_form_read(struct assistant_form *form);
MUST_USE enum err prompt_form_read(struct prompt_form *form);

/* Likewise for a new one, which has a name, or name and text. */
MUST_USE enum err assistant_form_new(struct assistant_form *form);
MUST_USE enum err prompt_form_new(struct prompt_form *form);

#endif
