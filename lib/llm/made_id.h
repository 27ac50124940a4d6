/*
 * made_id.h: ids for tool calls that a provider did not name: 16 random
 * letters and digits, as the `ai` package makes them.
 */

#ifndef LLM_MADE_ID_H
#define LLM_MADE_ID_H

#define MADE_ID_LEN 17 /* with the NUL */

void made_id(char out[MADE_ID_LEN]);

#endif
