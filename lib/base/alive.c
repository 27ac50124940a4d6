#include "base/alive.h"

#include "base/log.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define NAMESPACE "/proc/self/ns/net"
#define BOOT_ID_LEN 32 /* without its dashes */
#define NAME_LEN 32

/* Uses systemd's %b for programs that may not read the file; otherwise the
 * file. */
static bool
read_boot_id(char out[BOOT_ID_LEN + 1])
{
	const char *given = getenv("LAMPLIGHT_BOOT_ID");
	char text[64] = "";
	size_t len = 0;
	int fd;

	if (given == NULL) {
		fd = open(BOOT_ID, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
			text[0] = '\0';
		if (fd >= 0)
			close(fd);
		given = text;
	}
	for (; *given != '\0' && len < BOOT_ID_LEN; given++)
		if (isxdigit((unsigned char)*given))
			out[len++] = *given;
	out[len] = '\0';
	return len == BOOT_ID_LEN;
}

/* Writes "boot id/namespace/"; returns false if either cannot be read. */
static bool
read_scope(char *out, size_t size)
{
	char boot[BOOT_ID_LEN + 1];
	struct stat ns;

	if (!read_boot_id(boot) || stat(NAMESPACE, &ns) != 0)
		return false;
	snprintf(out, size, "%s/%llu.%llu/", boot,
		(unsigned long long)ns.st_dev, (unsigned long long)ns.st_ino);
	return true;
}

static void
random_name(char out[NAME_LEN + 1])
{
	unsigned char bytes[NAME_LEN / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		abort();
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* The socket is abstract: its path begins with a NUL. */
static socklen_t
address(struct sockaddr_un *out, const char *name)
{
	int len;

	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	len = snprintf(out->sun_path + 1, sizeof(out->sun_path) - 1,
		"lamplight/%s", name);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
		(size_t)len);
}

void
alive_open(struct alive *alive)
{
	struct sockaddr_un self;
	char name[NAME_LEN + 1];
	socklen_t len;

	alive->text[0] = '\0';
	alive->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	random_name(name);
	len = address(&self, name);
	if (alive->fd >= 0 &&
		bind(alive->fd, (struct sockaddr *)&self, len) == 0 &&
		read_scope(alive->text, sizeof(alive->text) - NAME_LEN))
		memcpy(alive->text + strlen(alive->text), name, sizeof(name));
	else
		log_warn("no_sign_of_life",
			"error=\"%s\" effect=\"after a crash others wait for "
			"the lease\"",
			strerror(errno));
}

void
alive_close(struct alive *alive)
{
	if (alive->fd >= 0)
		close(alive->fd);
	alive->fd = -1;
}

/* Only ECONNREFUSED proves that no socket has that name. */
static bool
is_nobody(const char *name)
{
	struct sockaddr_un other;
	socklen_t len = address(&other, name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool nobody;

	if (fd < 0)
		return false;
	nobody = connect(fd, (struct sockaddr *)&other, len) != 0 &&
		errno == ECONNREFUSED;
	close(fd);
	return nobody;
}

bool
alive_is_dead(const struct alive *own, const char *text)
{
	const char *own_name = strrchr(own->text, '/');
	const char *name = strrchr(text, '/');

	if (own_name == NULL || name == NULL)
		return false;
	if (own_name - own->text != name - text ||
		strncmp(own->text, text, (size_t)(name - text)) != 0)
		return false;
	return strlen(name + 1) == NAME_LEN && is_nobody(name + 1);
}
