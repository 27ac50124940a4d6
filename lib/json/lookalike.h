/* lookalike.h: letters that look like Latin ones, or Katakana like Han. */

#ifndef JSON_LOOKALIKE_H
#define JSON_LOOKALIKE_H

#include <stdint.h>

/* The letter that *c*, after case folding, looks like; *c* if there is none. */
uint32_t lookalike_plain(uint32_t c);

#endif
