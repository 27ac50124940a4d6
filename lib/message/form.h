/*
 * form.h: checks the form of a posted part's members by their source text,
 * which has passed json_check().
 */

#ifndef MESSAGE_FORM_H
#define MESSAGE_FORM_H

#include "json/json.h"

enum form {
	FORM_ANY,
	FORM_TEXT,
	FORM_FLAG,
	FORM_BLOCK_STATE, /* "streaming" or "done" */
	FORM_OBJECT, /* any object */
	FORM_METADATA, /* provider metadata: an object of objects */
	FORM_APPROVAL_ASKED, /* {id}, without approved and reason */
	FORM_APPROVAL_GIVEN, /* {id, approved, reason?} */
	FORM_APPROVAL_YES, /* the same, with approved true */
	FORM_APPROVAL_NO, /* the same, with approved false */
	FORM_FILE_URL, /* an address with a scheme, or plain base64 */
};

bool form_holds(enum form form, struct span value);

/* A sentence such as "must be a string". */
const char *form_sentence(enum form form);

/* Whether the value is missing or null; many clients write null for missing
 * values. */
bool form_absent(struct span value);

#endif
