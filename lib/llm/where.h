/*
 * where.h: the addresses of models and proxies, in [llm] and from
 * administrators: what is one, and what it is the address of.
 */

#ifndef LLM_WHERE_H
#define LLM_WHERE_H

#include "base/span.h"
#include "conf/conf.h"

#include <stdbool.h>

/* http or https, a host, and nothing that could carry a secret elsewhere. */
bool where_is_base_url(const char *text);
#define WHERE_BASE_URL "an http or https address like http://host:port/v1"

/*
 * The address below which *conf* asks: its own or, if it has none, that of its
 * wire; empty if that has none either. Without the slashes at its end, and
 * without the path of the requests, which is pasted along with it from examples
 * (".../v1/chat/completions"). Points into *conf* or the wire.
 */
struct span where_base(const struct llm_conf *conf);

/* http, https, socks5 or socks5h, a host, perhaps a port, a name and a
 * password, and nothing else. */
bool where_is_proxy(const char *text);
/* Whether it contains a name or a password. */
bool where_has_password(const char *text);

#endif
