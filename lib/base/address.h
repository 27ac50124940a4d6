/*
 * address.h: which network addresses are the public internet's. For requests
 * whose target somebody else chooses: they must not reach this machine or its
 * neighbours, however the address is spelled. So it is asked about the binary
 * address that is about to be connected to, never about a text.
 *
 * Source: IANA's registries of IPv4 and IPv6 special-purpose addresses.
 */

#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * False for loopback, private, link-local, shared (CGNAT), documentation,
 * benchmarking, multicast and reserved addresses; for everything in IPv6 that
 * is not global unicast, so also IPv4-mapped and NAT64; for what carries an
 * IPv4 address inside (6to4, Teredo); and for every family but the two.
 */
bool address_is_public(const struct sockaddr *address);

/* Whether it is an address of one of this machine's own interfaces, which may
 * be public and lead to what no stranger is meant to reach. True also when
 * that cannot be found out. */
bool address_is_own(const struct sockaddr *address);

/* Whether a host is this machine by one of its own names: "localhost", 127/8,
 * ::1. What is sent there crosses no network. */
bool address_is_here(const char *host);

/* Whether what is sent to a URL crosses a network that others may read: http,
 * and another machine. */
bool address_in_clear(const char *url);

/* The network that a client's address (REMOTE_ADDR) stands for: an IPv4
 * address itself, of IPv6 the /64, which is the least that one customer gets.
 * An IPv4-mapped address is the IPv4 one. False: it is no address. */
#define ADDRESS_NETWORK_LEN 16
bool address_network(const char *text, uint8_t out[ADDRESS_NETWORK_LEN]);

#endif
