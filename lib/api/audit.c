#include "api/audit.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

const char *
audit_address(const struct request *rq)
{
	const char *text = request_param(rq, "REMOTE_ADDR");

	return text != NULL ? text : "-";
}

void
audit(const struct request *rq, const char *what, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	log_info("audit", "what=%s address=%.64s %s", what, audit_address(rq),
		text);
}
