#include "base/log.h"

#include "base/clock.h"
#include "base/trace.h"

#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_LEN 1024
/* Programs may share a pipe; a longer write could be interleaved with lines of
 * others. */
#define PENDING_MAX PIPE_BUF

static const char *log_program = "lamplight";
static _Atomic enum log_level log_level_min = LOG_INFO;
static _Thread_local char request_id[40];
static _Thread_local char trace_id[TRACE_ID_LEN + 1];

static const char *const level_names[] = { "debug", "info", "warn", "error" };

void
log_open(const char *program, enum log_level level)
{
	log_program = program;
	log_level_min = level;
}

void
log_level_set(enum log_level level)
{
	log_level_min = level;
}

void
log_request(const char *id)
{
	snprintf(request_id, sizeof(request_id), "%s", id);
}

void
log_trace(const char *id)
{
	snprintf(trace_id, sizeof(trace_id), "%s", id);
}

/* The length of the UTF-8 character at *at* if terminals and log readers
 * display it as itself; 0 for control characters (C0, DEL, C1), line and
 * paragraph separators, marks that change the text direction, and invalid
 * UTF-8. */
static size_t
plain_char_len(const unsigned char *at, size_t left)
{
	size_t len = at[0] < 0x80 ? 1
		: at[0] < 0xc2    ? 0
		: at[0] < 0xe0    ? 2
		: at[0] < 0xf0    ? 3
		: at[0] < 0xf5    ? 4
				  : 0;
	uint32_t c;

	if (len == 1)
		return at[0] >= ' ' && at[0] != 0x7f;
	if (len == 0 || len > left)
		return 0;
	c = at[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (at[i] & 0x3f);
	}
	if (c < 0xa0 || (len == 3 && c < 0x800) || (len == 4 && c < 0x10000) ||
		(c >= 0xd800 && c < 0xe000) || c > 0x10ffff ||
		(c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
		return 0;
	return len;
}

size_t
log_escape(char *out, size_t size, const char *text, size_t text_len)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t len = 0;

	for (size_t i = 0, n; i < text_len; i += MAX(n, (size_t)1)) {
		n = plain_char_len(at + i, text_len - i);
		if (len + MAX(n, (size_t)4) >= size)
			break;
		if (n > 0)
			memcpy(out + len, at + i, n);
		else
			snprintf(out + len, 5, "\\x%02x", at[i]);
		len += n > 0 ? n : 4;
	}
	out[len] = '\0';
	return len;
}

/* ---- lines that may be written later */

static struct {
	pthread_mutex_t lock; /* guards all output and keeps it in order */
	pthread_cond_t filled;
	pthread_t thread;
	bool running, closing;
	size_t len;
	char lines[PENDING_MAX];
} pending = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.filled = PTHREAD_COND_INITIALIZER };

/* Writes whole lines with one call, so that lines of threads do not mix; a
 * log that cannot be written must not stop the service. The caller holds the
 * lock. */
static void
write_out(const char *lines, size_t len)
{
	if (len > 0 && write(STDERR_FILENO, lines, len) < 0)
		return;
}

static void
write_pending(void)
{
	write_out(pending.lines, pending.len);
	pending.len = 0;
}

static void
put_line(const char *line, size_t len, bool soon)
{
	pthread_mutex_lock(&pending.lock);
	if (pending.len + len > sizeof(pending.lines))
		write_pending();
	if (soon && pending.running) {
		memcpy(pending.lines + pending.len, line, len);
		pending.len += len;
		if (pending.len == len)
			pthread_cond_signal(&pending.filled);
	} else {
		write_pending();
		write_out(line, len);
	}
	pthread_mutex_unlock(&pending.lock);
}

/* Sleeps until there are lines, and then for the delay. */
static void *
run_writer(void *arg)
{
	const struct timespec delay = { 0, LOG_DELAY_MS * 1000000L };

	pthread_mutex_lock(&pending.lock);
	while (!pending.closing) {
		if (pending.len == 0) {
			pthread_cond_wait(&pending.filled, &pending.lock);
			continue;
		}
		pthread_mutex_unlock(&pending.lock);
		nanosleep(&delay, NULL);
		pthread_mutex_lock(&pending.lock);
		write_pending();
	}
	pthread_mutex_unlock(&pending.lock);
	return arg;
}

void
log_start(void)
{
	pending.running =
		pthread_create(&pending.thread, NULL, run_writer, NULL) == 0;
}

void
log_stop(void)
{
	if (!pending.running)
		return;
	pthread_mutex_lock(&pending.lock);
	pending.running = false;
	pending.closing = true;
	pthread_cond_signal(&pending.filled);
	write_pending();
	pthread_mutex_unlock(&pending.lock);
	pthread_join(pending.thread, NULL);
	pending.closing = false;
}

/* ---- writing a line */

static void write_line(enum log_level level, bool soon, const char *event,
	const char *format, va_list args) PRINTF_LIKE(4, 0);

static void
write_line(enum log_level level, bool soon, const char *event,
	const char *format, va_list args)
{
	char text[LINE_MAX_LEN] NOT_ZEROED, line[LINE_MAX_LEN] NOT_ZEROED;
	char now[CLOCK_ISO_LEN];
	size_t len;
	int n;

	if (level < log_level_min)
		return;
	clock_iso(clock_wall_ms(), now);
	n = snprintf(line, sizeof(line),
		"time=%s level=%s program=%s%s%s%s%s event=%s ", now,
		level_names[level], log_program,
		request_id[0] != '\0' ? " request=" : "", request_id,
		trace_id[0] != '\0' ? " trace=" : "", trace_id, event);
	len = MIN((size_t)n, sizeof(line) - 2);
	n = vsnprintf(text, sizeof(text), format, args);
	len += log_escape(line + len, sizeof(line) - 1 - len, text,
		MIN((size_t)MAX(n, 0), sizeof(text) - 1));
	line[len++] = '\n';
	put_line(line, len, soon);
}

#define DEFINE_LEVEL(name, level, soon)                       \
	void name(const char *event, const char *format, ...) \
	{                                                     \
		va_list args;                                 \
                                                              \
		va_start(args, format);                       \
		write_line(level, soon, event, format, args); \
		va_end(args);                                 \
	}

DEFINE_LEVEL(log_debug, LOG_DEBUG, false)
DEFINE_LEVEL(log_info, LOG_INFO, false)
DEFINE_LEVEL(log_soon, LOG_INFO, true)
DEFINE_LEVEL(log_warn, LOG_WARN, false)
DEFINE_LEVEL(log_error, LOG_ERROR, false)
