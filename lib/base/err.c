#include "base/err.h"

static const struct {
	int status;
	const char *code;
	const char *title;
	const char *detail;
} table[ERR_N] = {
	[OK] = { 200, "ok", "OK", "It worked." },
	[ERR_INVALID] = { 400, "invalid", "Bad request",
		"The request is not what this address expects." },
	[ERR_DENIED] = { 401, "unauthenticated", "Not logged in",
		"Log in and try again." },
	[ERR_FORBIDDEN] = { 403, "forbidden", "Not allowed",
		"This is turned off on this server." },
	[ERR_NOT_FOUND] = { 404, "not_found", "Not found",
		"Nothing exists at this address, or you may not see it." },
	[ERR_NO_MODEL] = { 404, "model_unknown", "No such model",
		"This model is not available. Pick another one." },
	[ERR_METHOD] = { 405, "method_not_allowed", "Method not allowed",
		"This address does not support that method." },
	[ERR_CONFLICT] = { 409, "conflict", "Conflict",
		"This conflicts with what is already stored." },
	[ERR_RUNNING] = { 409, "reply_running", "A reply is running",
		"A reply is being written in this session. Wait for it, or "
		"stop it first." },
	[ERR_TOO_BIG] = { 413, "too_large", "Too large",
		"The request is larger than this server accepts." },
	[ERR_MEDIA_TYPE] = { 415, "not_json", "Not JSON",
		"Send the body as application/json." },
	[ERR_THROTTLED] = { 429, "too_many_requests", "Too many requests",
		"Wait a moment and try again." },
	[ERR_BUSY] = { 503, "unavailable", "Not available right now",
		"The service cannot answer right now. Please try again in a "
		"few seconds." },
	[ERR_UPSTREAM] = { 502, "upstream", "The model failed",
		"The model couldn't reply. Try again." },
	[ERR_INTERNAL] = { 500, "internal", "Something went wrong here",
		"The server made a mistake; it has been logged. Please try "
		"again." },
};

int
err_status(enum err err)
{
	return table[err].status;
}

const char *
err_code(enum err err)
{
	return table[err].code;
}

const char *
err_title(enum err err)
{
	return table[err].title;
}

const char *
err_detail(enum err err)
{
	return table[err].detail;
}
