/* network.h: the network of a request's client (base/address.h). */

#ifndef API_NETWORK_H
#define API_NETWORK_H

#include "http/request.h"

/* As text, in the request's arena; "-" without an address. */
const char *network_of(const struct request *rq);

#endif
