#include "base/address.h"

#include "base/attr.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

struct block4 {
	uint8_t first[4];
	unsigned bits;
};

struct block6 {
	uint8_t first[16];
	unsigned bits;
};

static const struct block4 not_public4[] = {
	{ { 0 }, 8 }, /* this network */
	{ { 10 }, 8 }, /* private */
	{ { 100, 64 }, 10 }, /* shared: carrier-grade NAT */
	{ { 127 }, 8 }, /* loopback */
	{ { 168, 63, 129, 16 }, 32 }, /* Azure's virtual host address */
	{ { 169, 254 }, 16 }, /* link-local, cloud metadata */
	{ { 172, 16 }, 12 }, /* private */
	{ { 192, 0, 0 }, 24 }, /* protocol assignments */
	{ { 192, 0, 2 }, 24 }, /* documentation */
	{ { 192, 88, 99 }, 24 }, /* 6to4 relays */
	{ { 192, 168 }, 16 }, /* private */
	{ { 198, 18 }, 15 }, /* benchmarking */
	{ { 198, 51, 100 }, 24 }, /* documentation */
	{ { 203, 0, 113 }, 24 }, /* documentation */
	{ { 224 }, 4 }, /* multicast */
	{ { 240 }, 4 }, /* reserved, broadcast */
};

/* Global unicast; all other IPv6 addresses are special. */
static const struct block6 global6 = { { 0x20 }, 3 };

static const struct block6 not_public6[] = {
	{ { 0x20, 0x01 }, 23 }, /* protocol assignments, Teredo, ORCHID */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x20, 0x02 }, 16 }, /* 6to4 */
	{ { 0x3f, 0xff }, 20 }, /* documentation */
};

static bool
in_block(const uint8_t *address, const uint8_t *first, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;
	unsigned mask = 0xff00u >> rest & 0xff;

	return memcmp(address, first, whole) == 0 &&
		(rest == 0 || (address[whole] & mask) == first[whole]);
}

static bool
is_public4(const struct sockaddr_in *address)
{
	uint8_t bytes[4];

	memcpy(bytes, &address->sin_addr, sizeof(bytes));
	for (size_t i = 0; i < LENGTH(not_public4); i++)
		if (in_block(bytes, not_public4[i].first, not_public4[i].bits))
			return false;
	return true;
}

static bool
is_public6(const struct sockaddr_in6 *address)
{
	const uint8_t *bytes = address->sin6_addr.s6_addr;

	if (!in_block(bytes, global6.first, global6.bits))
		return false;
	for (size_t i = 0; i < LENGTH(not_public6); i++)
		if (in_block(bytes, not_public6[i].first, not_public6[i].bits))
			return false;
	return true;
}

bool
address_is_public(const struct sockaddr *address)
{
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	switch (address->sa_family) {
	case AF_INET:
		memcpy(&in4, address, sizeof(in4));
		return is_public4(&in4);
	case AF_INET6:
		memcpy(&in6, address, sizeof(in6));
		return is_public6(&in6);
	default:
		return false;
	}
}

/* Compares the addresses without their ports. */
static bool
is_same(const struct sockaddr *a, const struct sockaddr *b)
{
	struct sockaddr_in a4, b4;
	struct sockaddr_in6 a6, b6;

	if (a == NULL || a->sa_family != b->sa_family)
		return false;
	if (a->sa_family == AF_INET) {
		memcpy(&a4, a, sizeof(a4));
		memcpy(&b4, b, sizeof(b4));
		return a4.sin_addr.s_addr == b4.sin_addr.s_addr;
	}
	if (a->sa_family != AF_INET6)
		return false;
	memcpy(&a6, a, sizeof(a6));
	memcpy(&b6, b, sizeof(b6));
	return IN6_ARE_ADDR_EQUAL(&a6.sin6_addr, &b6.sin6_addr);
}

bool
address_is_own(const struct sockaddr *address)
{
	struct ifaddrs *list;
	bool own = false;

	if (getifaddrs(&list) != 0)
		return true;
	for (struct ifaddrs *i = list; i != NULL && !own; i = i->ifa_next)
		own = is_same(i->ifa_addr, address);
	freeifaddrs(list);
	return own;
}

bool
address_network(const char *text, uint8_t out[ADDRESS_NETWORK_LEN])
{
	struct in6_addr in6;

	memset(out, 0, ADDRESS_NETWORK_LEN);
	out[0] = '4';
	if (inet_pton(AF_INET, text, out + 12) == 1)
		return true;
	if (inet_pton(AF_INET6, text, &in6) != 1)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&in6)) {
		memcpy(out + 12, in6.s6_addr + 12, 4);
		return true;
	}
	out[0] = '6';
	memcpy(out + 8, in6.s6_addr, 8);
	return true;
}

bool
address_is_here(const char *host)
{
	struct in6_addr in6;
	struct in_addr in4;

	if (inet_pton(AF_INET, host, &in4) == 1)
		return ntohl(in4.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &in6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&in6);
	return strcasecmp(host, "localhost") == 0;
}

bool
address_in_clear(const char *url)
{
	static const char http[] = "http://";
	char host[64];
	const char *ends = ":/?#";
	size_t len;

	if (strncasecmp(url, http, strlen(http)) != 0)
		return false;
	url += strlen(http);
	if (*url == '[') {
		url++;
		ends = "]";
	}
	len = strcspn(url, ends);
	if (len >= sizeof(host))
		return true;
	memcpy(host, url, len);
	host[len] = '\0';
	return !address_is_here(host);
}
