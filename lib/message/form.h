/*
 * form.h: the forms that members of a posted part can have, by their source
 * text, which has passed json_check().
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
	FORM_APPROVAL_ASKED, /* {id, approved and reason absent} */
	FORM_APPROVAL_GIVEN, /* {id, approved, reason?} */
	FORM_APPROVAL_YES, /* likewise, approved true */
	FORM_APPROVAL_NO, /* likewise, approved false */
	FORM_FILE_URL, /* with a scheme, or plain base64 */
};

bool form_holds(enum form form, struct span value);

/* "must be a string" */
const char *form_sentence(enum form form);

/* Not there, or null: many clients write what they do not have so. */
bool form_absent(struct span value);

#endif
