/*
 * where.h: checks the addresses of models and proxies, in [llm] and from
 * administrators.
 */

#ifndef LLM_WHERE_H
#define LLM_WHERE_H

#include <stdbool.h>

/* http or https, a host, and nothing that could carry a secret elsewhere. */
bool where_is_base_url(const char *text);
#define WHERE_BASE_URL "an http or https address like http://host:port/v1"

/* http, https, socks5 or socks5h, a host, perhaps a port, a name and a
 * password, and nothing else. */
bool where_is_proxy(const char *text);
/* Whether it contains a name or a password. */
bool where_has_password(const char *text);

#endif
