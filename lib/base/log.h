/*
 * log.h: one line of key=value pairs per event on standard error, with time,
 * level and program and, inside a request, the ids of the request and its
 * trace. Never log a token, a password, an API key or the text of a message.
 */

#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attr.h"

#include <stddef.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Call once, at start; *program* must stay valid. */
void log_open(const char *program, enum log_level level);

/* Changes the level from now on. Any thread may call it. */
void log_level_set(enum log_level level);

/* Sets the request that this thread works for, "" for none; copies *id*. */
void log_request(const char *id);
/* Sets the trace (trace.h) that the request belongs to; copies *id*. */
void log_trace(const char *id);

/*
 * log_info("session_created", "session=%" PRIu64, id): *event* is a fixed word,
 * the rest are key=value pairs. Control characters, marks that redirect or
 * break text, and bytes that are not UTF-8 are written as \xNN.
 */
void log_debug(const char *event, const char *format, ...) PRINTF_LIKE(2, 3);
void log_info(const char *event, const char *format, ...) PRINTF_LIKE(2, 3);
void log_warn(const char *event, const char *format, ...) PRINTF_LIKE(2, 3);
void log_error(const char *event, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * log_info() for events that occur with every request. Between log_start() and
 * log_stop() such lines are collected, and a thread of their own writes them
 * after LOG_DELAY_MS. Any other line is written after the collected ones, so
 * that all stay in order. A process that is killed or crashes loses only the
 * lines that are still collected.
 */
#define LOG_DELAY_MS 50
void log_soon(const char *event, const char *format, ...) PRINTF_LIKE(2, 3);
void log_start(void);
/* Writes the collected lines; call it once all other threads have ended. */
void log_stop(void);

/* Writes every character that is not plain as \xNN, byte by byte, so that no
 * text can forge a line or send commands to a terminal. Cuts at the end of
 * *out*, which is always terminated; returns the length. */
size_t log_escape(char *out, size_t size, const char *text, size_t text_len);

#endif
