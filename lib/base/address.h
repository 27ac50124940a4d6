/*
 * address.h: tells public internet addresses from special ones. It guards
 * requests whose target somebody else chooses: they must not reach this machine
 * or its neighbours, however the address is spelled. It therefore checks the
 * binary address that is about to be connected to, never a text.
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
 * benchmarking, multicast and reserved addresses; for every IPv6 address that
 * is not global unicast, which includes IPv4-mapped and NAT64 addresses; for
 * addresses that embed an IPv4 address (6to4, Teredo); and for every other
 * address family.
 */
bool address_is_public(const struct sockaddr *address);

/* Whether one of this machine's own interfaces has the address. Such an address
 * may be public and still lead to services not meant for strangers. Also true
 * when the interfaces cannot be listed. */
bool address_is_own(const struct sockaddr *address);

/* Whether a host name means this machine: "localhost", 127/8, ::1. Data sent
 * there crosses no network. */
bool address_is_here(const char *host);

/* Whether a request to the URL crosses a network where others may read it: it
 * uses plain http and goes to another machine. */
bool address_in_clear(const char *url);

/* The network that a client's address (REMOTE_ADDR) belongs to: an IPv4 address
 * by itself, or the /64 of an IPv6 address, which is the smallest block that a
 * provider assigns to a customer. An IPv4-mapped address counts as its IPv4
 * address. Returns false if *text* is not an address. */
#define ADDRESS_NETWORK_LEN 16
bool address_network(const char *text, uint8_t out[ADDRESS_NETWORK_LEN]);

#endif
