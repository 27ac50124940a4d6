#include "llm/proxy.h"

#include "base/log.h"
#include "base/mem.h"
#include "llm/where.h"

#include <stdlib.h>
#include <string.h>

enum err
proxy_open(struct proxy *proxy, const struct llm_conf *conf)
{
	*proxy = (struct proxy){ .address = mem_str(conf->proxy),
		.except = mem_str(conf->no_proxy) };
	if (*conf->ca_file != '\0')
		proxy->ca_file = mem_str(conf->ca_file);
	for (char *at = proxy->except; *at != '\0'; at++)
		if (strchr(" \t\r\n", *at) != NULL)
			*at = ',';
	if (*proxy->address == '\0' || where_is_proxy(proxy->address))
		return OK;
	log_error("config_invalid",
		"key=llm.proxy takes=\"an address like "
		"http://name:password@host:port; http, https, socks5 or "
		"socks5h\"");
	return ERR_INVALID;
}

void
proxy_free(struct proxy *proxy)
{
	free(proxy->address);
	free(proxy->except);
	free(proxy->ca_file);
}

/* Always sets both options: libcurl takes an unset one from the environment. */
void
proxy_use(const struct proxy *proxy, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_PROXY, proxy->address);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, proxy->except);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	if (proxy->ca_file != NULL)
		curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, proxy->ca_file);
}

long
proxy_status(CURL *easy)
{
	long status = 0;

	curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);
	return status / 100 == 2 ? 0 : status;
}
