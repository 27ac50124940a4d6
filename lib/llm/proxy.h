/*
 * proxy.h: the proxy between us and the model: llm.proxy, an http, https,
 * socks5 (names are looked up here) or socks5h (there) address that may hold a
 * name and a password, and llm.no_proxy, hosts that are reached without it. The
 * environment's http_proxy, no_proxy and the like are never asked. An https
 * model is reached by CONNECT, and its key goes through the tunnel only.
 * Inside of client.c.
 */

#ifndef LLM_PROXY_H
#define LLM_PROXY_H

#include "base/err.h"
#include "conf/conf.h"

#include <curl/curl.h>

struct proxy {
	char *address; /* "" for none */
	char *except; /* hosts, with commas between */
	char *ca_file; /* llm.ca_file, or NULL: an https proxy's as well */
};

/* ERR_INVALID after a logged sentence that names the key, and not what is in
 * it. Either way proxy_free() is due. */
MUST_USE enum err proxy_open(struct proxy *proxy, const struct llm_conf *conf);
void proxy_free(struct proxy *proxy);

/* Sends what *easy* asks through it. */
void proxy_use(const struct proxy *proxy, CURL *easy);

/* What the proxy answered to CONNECT when that failed, 0 for nothing. */
long proxy_status(CURL *easy);

#endif
