/*
 * log.h: one line of key=value per event on standard error, with time, level,
 * program and, inside a request, its id and its trace. Never log a token, a password, an
 * API key or the text of a message.
 */

#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attr.h"

#include <stddef.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Once, at start; *program* must stay valid. */
void log_open(const char *program, enum log_level level);

/* Another level from now on. Of any thread. */
void log_level_set(enum log_level level);

/* The request that this thread works for, "" when none; copied. */
void log_request(const char *id);
/* The trace (trace.h) that this is a part of; likewise. */
void log_trace(const char *id);

/*
 * log_info("session_created", "session=%" PRIu64, id): *event* is a fixed word,
 * the rest key=value pairs. Controls, marks that turn or break text, and bytes
 * that are no UTF-8 are written as \xNN.
 */
void log_debug(const char *event, const char *format, ...) PRINTF_LIKE(2, 3);
void log_info(const char *event, const char *format, ...) PRINTF_LIKE(2, 3);
void log_warn(const char *event, const char *format, ...) PRINTF_LIKE(2, 3);
void log_error(const char *event, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * log_info() for what comes with every request: between log_start() and
 * log_stop() such lines are gathered, and written by a thread of their own
 * after LOG_DELAY_MS; before any other line, so that all are in order. A
 * process that is killed or crashes takes with it what it gathered last, and
 * nothing else.
 */
#define LOG_DELAY_MS 50
void log_soon(const char *event, const char *format, ...) PRINTF_LIKE(2, 3);
void log_start(void);
void log_stop(void); /* writes what there is; once all other threads ended */

/* What is no plain character is written as \xNN, byte by byte, so that no text
 * can forge a line or send commands to a terminal. Cut at the end of *out*,
 * which is terminated; returns the length. */
size_t log_escape(char *out, size_t size, const char *text, size_t text_len);

#endif
