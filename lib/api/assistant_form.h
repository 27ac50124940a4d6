/*
 * assistant_form.h: checks a user's description of an assistant or a prompt,
 * the members of a JSON object, and stores it in a row (admin_form.h): for
 * request bodies, and for the items of an imported file.
 *
 *	assistant  name, icon, description, modelId, instructions, options, tools,
 *	           starters
 *	prompt     name, text
 *
 * Both also have `published`. In a file, the members id, mine, version and
 * updateTime are ignored.
 */

#ifndef API_ASSISTANT_FORM_H
#define API_ASSISTANT_FORM_H

#include "api/admin_form.h"
#include "repo/assistant.h"
#include "repo/saved_prompt.h"

#include <stdbool.h>

/* The contents of a body. */
struct assistant_form {
	struct admin_form form;
	struct assistant_text text;
	bool says_text; /* it has a member of *text* */
	bool says_model; /* it names a modelId, which the caller must check */
	const bool *published; /* NULL: not given */
};

struct prompt_form {
	struct admin_form form;
	const char *name; /* NULL: not given */
	struct span text; /* absent: not given */
	const bool *published;
};

/* A form without contents; *body* is an object in *arena*. */
struct assistant_form
assistant_form(struct arena *arena, const struct json *body);
struct prompt_form prompt_form(struct arena *arena, const struct json *body);

/* Reads the body over the previous values of *text*, or of name and text.
 * ERR_INVALID with form->field and detail. */
MUST_USE enum err assistant_form_read(struct assistant_form *form);
MUST_USE enum err prompt_form_read(struct prompt_form *form);

/* The same for a new one, which requires a name, or name and text. */
MUST_USE enum err assistant_form_new(struct assistant_form *form);
MUST_USE enum err prompt_form_new(struct prompt_form *form);

#endif
