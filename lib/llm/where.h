/*
 * where.h: which texts are addresses of models and of proxies: of [llm] and of
 * what administrators give.
 */

#ifndef LLM_WHERE_H
#define LLM_WHERE_H

#include <stdbool.h>

/* http or https, a host, and nothing that could carry a secret elsewhere. */
bool where_is_base_url(const char *text);
#define WHERE_BASE_URL "an http or https address like http://host:port/v1"

/* http, https, socks5 or socks5h, a host, and nothing but what a proxy needs,
 * which may be a name and a password. */
bool where_is_proxy(const char *text);
/* Whether there is a name or a password in it. */
bool where_has_password(const char *text);

#endif
