#include "api/network.h"

#include "api/audit.h"
#include "base/address.h"
#include "base/attr.h"

#include <arpa/inet.h>
#include <string.h>

const char *
network_of(const struct request *rq)
{
	uint8_t bytes[ADDRESS_NETWORK_LEN];
	char text[INET6_ADDRSTRLEN];

	if (!address_network(audit_address(rq), bytes))
		return "-";
	inet_ntop(AF_INET6, bytes, text, sizeof(text));
	return arena_str(rq->arena, text, strlen(text));
}
