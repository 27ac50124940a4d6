/*
 * proxy.h: the proxy between us and the model. llm.proxy is an http, https,
 * socks5 (names are resolved here) or socks5h (names are resolved there)
 * address that may contain a name and a password; llm.no_proxy lists hosts that
 * are reached directly. The environment's http_proxy, no_proxy and the like are
 * never used. An https model is reached by CONNECT, so its key only goes
 * through the tunnel. Private to client.c.
 */

#ifndef LLM_PROXY_H
#define LLM_PROXY_H

#include "base/err.h"
#include "conf/conf.h"

#include <curl/curl.h>

struct proxy {
	char *address; /* "" if there is none */
	char *except; /* hosts, separated by commas */
	char *ca_file; /* llm.ca_file, or NULL; also used for an https proxy */
};

/* ERR_INVALID after logging a sentence that names the key, but not its value.
 * Call proxy_free() in either case. */
MUST_USE enum err proxy_open(struct proxy *proxy, const struct llm_conf *conf);
void proxy_free(struct proxy *proxy);

/* Sends the requests of *easy* through the proxy. */
void proxy_use(const struct proxy *proxy, CURL *easy);

/* The proxy's status for a CONNECT that failed; 0 if there was none. */
long proxy_status(CURL *easy);

#endif
