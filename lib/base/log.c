#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_LEN 1024

static const char *log_program = "lamplight";
static enum log_level log_level_min = LOG_INFO;
static _Thread_local char request_id[40];

static const char *const level_names[] = { "debug", "info", "warn", "error" };

void
log_open(const char *program, enum log_level level)
{
	log_program = program;
	log_level_min = level;
}

void
log_request(const char *id)
{
	snprintf(request_id, sizeof(request_id), "%s", id);
}

static void
blank_controls(char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = '?';
}

static void
write_line(enum log_level level, const char *event, const char *format,
	va_list args)
{
	char line[LINE_MAX_LEN], now[CLOCK_ISO_LEN];
	size_t len;
	int n;

	if (level < log_level_min)
		return;
	clock_iso(clock_wall_ms(), now);
	n = snprintf(line, sizeof(line),
		"time=%s level=%s program=%s%s%s event=%s ", now,
		level_names[level], log_program,
		request_id[0] != '\0' ? " request=" : "", request_id, event);
	len = MIN((size_t)n, sizeof(line) - 1);
	n = vsnprintf(line + len, sizeof(line) - len, format, args);
	len = MIN(len + (size_t)n, sizeof(line) - 2);
	blank_controls(line, len);
	line[len++] = '\n';
	/* One write a line, so that lines of threads do not mix; a log that
	 * cannot be written must not stop the service. */
	if (write(STDERR_FILENO, line, len) < 0)
		return;
}

#define DEFINE_LEVEL(name, level)                             \
	void name(const char *event, const char *format, ...) \
	{                                                     \
		va_list args;                                 \
                                                              \
		va_start(args, format);                       \
		write_line(level, event, format, args);       \
		va_end(args);                                 \
	}

DEFINE_LEVEL(log_debug, LOG_DEBUG)
DEFINE_LEVEL(log_info, LOG_INFO)
DEFINE_LEVEL(log_warn, LOG_WARN)
DEFINE_LEVEL(log_error, LOG_ERROR)
