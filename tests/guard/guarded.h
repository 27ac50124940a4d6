/*
 * guarded.h: works whose cost is kept in counts/, each a function without
 * input or output: what it reads is made before (prepare_*), and it ends the
 * program when its result is not what it should be, so that nothing is counted
 * that does not work.
 *
 * Only what a guarded_* calls is counted. Nothing in it may depend on time,
 * chance or addresses.
 */

#ifndef GUARD_GUARDED_H
#define GUARD_GUARDED_H

#include <stdbool.h>

/* Whether *ok*; ends the program with what failed. */
void must(bool ok, const char *what);

/* http.c */
void prepare_http(void);
void guarded_token(void); /* a bearer's signature and claims are checked */
void guarded_list(void); /* 20 sessions become an answer */
void guarded_history(void); /* 50 messages of 1 KB become an answer */
void guarded_framing(void); /* a request is framed and read by libfcgi */

/* stream.c */
void prepare_stream(void);
void guarded_deltas(void); /* 1,000 pieces of a model's text, to chunks */
void guarded_claude(void); /* the same from Anthropic Messages */
void guarded_gemini(void); /* and from Gemini */
void guarded_tools(void); /* an answer with three calls of tools, to chunks */
void guarded_parts(void); /* the chunks of a journal, to what is stored */
void guarded_journal(void); /* a batch of 50 streams, to its statement */

/* words.c */
void prepare_words(void);
void guarded_words(void); /* the words of 16 KB, for the search */

#endif
