#include "api/operator.h"

#include "auth/token.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* 127.0.0.0/8, ::1, and IPv4-mapped addresses of the former. */
static bool
is_loopback(const char *text)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (text == NULL)
		return false;
	if (strncasecmp(text, "::ffff:", 7) == 0)
		text += 7;
	if (inet_pton(AF_INET, text, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

/* Headers by which a proxy shows that it forwards another client's request. */
static bool
is_passed_on(const struct request *rq)
{
	static const char *const headers[] = { "Forwarded", "X-Forwarded-For",
		"X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via",
		"CF-Connecting-IP", "True-Client-IP", "X-Client-IP",
		"X-Cluster-Client-IP", "Fastly-Client-IP", "X-Forwarded-Server",
		"X-Forwarded" };

	for (size_t i = 0; i < LENGTH(headers); i++)
		if (request_header(rq, headers[i]) != NULL)
			return true;
	return false;
}

static bool
brings(const struct request *rq, const char *token)
{
	static const char scheme[] = "Bearer ";
	const char *header = request_header(rq, "Authorization");

	char brought[TOKEN_HASH_LEN], wanted[TOKEN_HASH_LEN];

	if (header == NULL ||
		strncasecmp(header, scheme, sizeof(scheme) - 1) != 0)
		return false;
	/* Compare hashes, so that the time does not depend on where the texts
	 * differ. */
	token_hash(span_of(header + sizeof(scheme) - 1), brought);
	token_hash(span_of(token), wanted);
	return memcmp(brought, wanted, sizeof(wanted)) == 0;
}

enum err
operator_check(const struct http_conf *conf, const struct request *rq)
{
	bool ok;

	if (conf->operator_token[0] != '\0')
		ok = brings(rq, conf->operator_token);
	else
		ok = is_loopback(request_param(rq, "REMOTE_ADDR")) &&
			!is_passed_on(rq);
	return ok ? OK : ERR_NOT_FOUND;
}
