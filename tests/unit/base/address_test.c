/* address_test.c: which addresses are public: both edges of every block. */

#include "base/address.h"

#include "../unit.h"
#include "base/attr.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/un.h>
#include <unistd.h>

static bool
is_public(const char *text)
{
	struct sockaddr_in in4 = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &in4.sin_addr) == 1)
		return address_is_public((const struct sockaddr *)&in4);
	if (inet_pton(AF_INET6, text, &in6.sin6_addr) != 1)
		fail_msg("%s is no address", text);
	return address_is_public((const struct sockaddr *)&in6);
}

static const char *const refused[] = {
	"0.0.0.0", "0.255.255.255", /* this network */
	"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255",
	"192.168.0.0", "192.168.255.255", /* private */
	"100.64.0.0", "100.127.255.255", "100.100.100.200", /* shared */
	"127.0.0.1", "127.255.255.255", /* loopback */
	"169.254.0.0", "169.254.169.254", "169.254.255.255", /* link-local */
	"168.63.129.16", "192.0.0.0", "192.0.0.192", "192.0.0.255", "192.0.2.0",
	"192.0.2.255", "198.51.100.7", "203.0.113.255",
	"192.88.99.1", /* 6to4 relay */
	"198.18.0.0", "198.19.255.255", /* benchmarking */
	"224.0.0.1", "239.255.255.255", /* multicast */
	"240.0.0.0", "255.255.255.255", /* reserved */
	"::", "::1", "::7f00:1", /* loopback and IPv4-compatible */
	"::ffff:127.0.0.1", "::ffff:8.8.8.8", /* IPv4-mapped */
	"::ffff:0:127.0.0.1", /* IPv4-translated */
	"64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", /* NAT64 */
	"100::1", /* discard */
	"2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", /* Teredo */
	"2001:2::1", "2001:10::1", "2001:1ff:ffff::1", /* assignments */
	"2001:db8::1", "3fff::1", "3fff:fff:ffff::1", /* documentation */
	"2002::1", "2002:7f00:1::1", "2002:808:808::1", /* 6to4 */
	"1fff:ffff::1", "4000::1", "5f00::1", /* not global unicast */
	"fc00::1", "fdff::1", /* unique local */
	"fe80::1", "febf::1", "fec0::1", /* link-local, site-local */
	"ff00::1", "ff02::1", "ffff::1", /* multicast */
};

static const char *const taken[] = {
	"1.0.0.0",
	"9.255.255.255",
	"11.0.0.0",
	"100.63.255.255",
	"100.128.0.0",
	"126.255.255.255",
	"128.0.0.0",
	"168.63.129.15",
	"168.63.129.17",
	"169.253.255.255",
	"169.255.0.0",
	"172.15.255.255",
	"172.32.0.0",
	"191.255.255.255",
	"192.0.1.0",
	"192.0.3.0",
	"192.88.98.255",
	"192.88.100.0",
	"192.167.255.255",
	"192.169.0.0",
	"198.17.255.255",
	"198.20.0.0",
	"198.51.99.255",
	"198.51.101.0",
	"203.0.112.255",
	"203.0.114.0",
	"223.255.255.255",
	"8.8.8.8",
	"2000::1",
	"2001:200::1",
	"2001:db7::1",
	"2001:db9::1",
	"2001:4860:4860::8888",
	"2003::1",
	"2606:4700::1111",
	"3ffe::1",
	"3fff:1000::1",
};

static void
test_special_addresses_are_not_public(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(refused); i++)
		if (is_public(refused[i]))
			fail_msg("%s is taken for public", refused[i]);
}

static void
test_other_addresses_are_public(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(taken); i++)
		if (!is_public(taken[i]))
			fail_msg("%s is not taken for public", taken[i]);
}

static void
test_other_families_are_not_public(void **state)
{
	const struct sockaddr_un un = { .sun_family = AF_UNIX };
	const struct sockaddr none = { .sa_family = AF_UNSPEC };

	(void)state;
	assert_false(address_is_public((const struct sockaddr *)&un));
	assert_false(address_is_public(&none));
}

/* Runs in a network namespace whose only interface has a public address. */
static bool
enter_network(const char *address)
{
	struct ifreq request = { .ifr_name = "lo" };
	struct sockaddr_in in4 = { .sin_family = AF_INET };
	int fd;
	bool set;

	if (unshare(CLONE_NEWNET) != 0)
		return false;
	inet_pton(AF_INET, address, &in4.sin_addr);
	memcpy(&request.ifr_addr, &in4, sizeof(in4));
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	set = ioctl(fd, SIOCSIFADDR, &request) == 0;
	/* With ::1, too, where there is IPv6. */
	request.ifr_flags = IFF_UP | IFF_LOOPBACK;
	set = ioctl(fd, SIOCSIFFLAGS, &request) == 0 && set;
	close(fd);
	return set;
}

static void
test_own_interfaces_are_known(void **state)
{
	struct sockaddr_in in4 = { .sin_family = AF_INET };
	const struct sockaddr *address = (const struct sockaddr *)&in4;

	(void)state;
	if (!enter_network("93.184.215.14")) {
		print_message("not root: no interface can be made\n");
		skip();
	}
	inet_pton(AF_INET, "93.184.215.14", &in4.sin_addr);
	assert_true(address_is_public(address));
	assert_true(address_is_own(address));
	inet_pton(AF_INET, "93.184.215.15", &in4.sin_addr);
	assert_false(address_is_own(address));
}

static void
test_own_interfaces_of_ipv6_are_known(void **state)
{
	const struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	const struct sockaddr *address = (const struct sockaddr *)&in6;
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	(void)state;
	assert_false(address_is_own((const struct sockaddr *)&un));
	in6.sin6_addr = in6addr_loopback;
	if (fd < 0 || bind(fd, address, sizeof(in6)) != 0)
		skip();
	assert_true(address_is_own(address));
	inet_pton(AF_INET6, "2001:db8::1", &in6.sin6_addr);
	assert_false(address_is_own(address));
	close(fd);
}

static bool
same_network(const char *a, const char *b)
{
	uint8_t bytes_a[ADDRESS_NETWORK_LEN], bytes_b[ADDRESS_NETWORK_LEN];

	assert_true(address_network(a, bytes_a));
	assert_true(address_network(b, bytes_b));
	return memcmp(bytes_a, bytes_b, sizeof(bytes_a)) == 0;
}

static void
test_networks_of_clients(void **state)
{
	static const char *const no_address[] = { "", "192.0.2", "192.0.2.1 ",
		"host.example", "2001:db8::1::2", "[2001:db8::1]", "unix:" };
	uint8_t bytes[ADDRESS_NETWORK_LEN];

	(void)state;
	assert_true(same_network("192.0.2.1", "192.0.2.1"));
	assert_false(same_network("192.0.2.1", "192.0.2.2"));
	/* As a server that listens on IPv6 names clients of IPv4. */
	assert_true(same_network("192.0.2.1", "::ffff:192.0.2.1"));
	assert_true(same_network("2001:db8:1:2::3", "2001:db8:1:2:ffff::4"));
	assert_false(same_network("2001:db8:1:2::3", "2001:db8:1:3::3"));
	/* An address of IPv4 is no network of IPv6. */
	assert_false(same_network("0.0.0.0", "::"));
	for (size_t i = 0; i < LENGTH(no_address); i++)
		if (address_network(no_address[i], bytes))
			fail_msg("\"%s\" is taken for an address",
				no_address[i]);
}

static void
test_which_urls_cross_in_clear(void **state)
{
	static const char *const clear[] = { "http://192.0.2.1/v1",
		"HTTP://models.example", "http://127.evil.example/",
		"http://localhost.evil.example", "http://[2001:db8::1]:80/",
		"http://127.0.0.1.evil.example", "http://127.1/", "http://",
		"http://a-name-that-is-longer-than-sixty-four-bytes-and-so-"
		"none-of-ours.example/" };
	static const char *const not_clear[] = { "https://192.0.2.1/v1",
		"http://localhost:11434/v1", "http://LocalHost",
		"http://[::1]/", "http://127.0.0.1:9/v1", "http://127.9.8.7?x",
		"" };

	(void)state;
	for (size_t i = 0; i < LENGTH(clear); i++)
		if (!address_in_clear(clear[i]))
			fail_msg("%s", clear[i]);
	for (size_t i = 0; i < LENGTH(not_clear); i++)
		if (address_in_clear(not_clear[i]))
			fail_msg("%s", not_clear[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_special_addresses_are_not_public),
		cmocka_unit_test(test_other_addresses_are_public),
		cmocka_unit_test(test_other_families_are_not_public),
		cmocka_unit_test(test_own_interfaces_are_known),
		cmocka_unit_test(test_own_interfaces_of_ipv6_are_known),
		cmocka_unit_test(test_networks_of_clients),
		cmocka_unit_test(test_which_urls_cross_in_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
