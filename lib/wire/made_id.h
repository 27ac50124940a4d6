/*
 * made_id.h: makes ids for tool calls without one: 16 random letters and
 * digits, as in the `ai` package.
 */

#ifndef WIRE_MADE_ID_H
#define WIRE_MADE_ID_H

#define MADE_ID_LEN 17 /* includes the NUL */

void made_id(char out[MADE_ID_LEN]);

#endif
