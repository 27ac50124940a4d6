#include "auth/secret.h"

#include "auth/token.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err
refuse(const char *path, const char *why)
{
	log_error("secret_refused", "file=%s reason=\"%s\"", path, why);
	return ERR_INVALID;
}

static bool
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return fsync(fd) == 0;
}

static void
sync_directory(struct arena *arena, const char *path)
{
	char *copy = arena_str(arena, path, strlen(path));
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (fsync(fd) != 0)
		log_warn("secret_directory_sync", "errno=%d", errno);
	close(fd);
}

/*
 * The file appears under its name whole or not at all, and only once: it is
 * written under another name and then linked, and a link never replaces. When
 * another process was faster, its file is the one that counts.
 */
static enum err
make(struct arena *arena, const char *path)
{
	char *temporary = arena_printf(arena, "%s.XXXXXX", path);
	char token[TOKEN_LEN + 2];
	int fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
	bool made;

	if (fd < 0)
		return refuse(path, strerror(errno));
	token_new(token);
	token[TOKEN_LEN] = '\n';
	made = write_all(fd, token, TOKEN_LEN + 1) &&
		(link(temporary, path) == 0 || errno == EEXIST);
	sodium_memzero(token, sizeof(token));
	if (!made)
		(void)refuse(path, strerror(errno));
	close(fd);
	unlink(temporary);
	if (made)
		sync_directory(arena, path);
	return made ? OK : ERR_INVALID;
}

static enum err
check_file(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return refuse(path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return refuse(path, "it is not a regular file");
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return refuse(path, "others may read it; run chmod 600 on it");
	if (st.st_size > SECRET_MAX)
		return refuse(path, "it is longer than 4096 bytes");
	return OK;
}

static enum err
read_file(struct arena *arena, int fd, const char *path, struct span *out)
{
	char *data = arena_alloc(arena, SECRET_MAX);
	ssize_t n;
	size_t len = 0;

	TRY(check_file(fd, path));
	while ((n = read(fd, data + len, SECRET_MAX - len)) > 0)
		len += (size_t)n;
	if (n < 0)
		return refuse(path, strerror(errno));
	if (len > 0 && data[len - 1] == '\n')
		len--;
	if (len < SECRET_MIN)
		return refuse(path, "it is shorter than 32 bytes");
	*out = (struct span){ data, len };
	return OK;
}

enum err
secret_load(struct arena *arena, const char *path, struct span *out)
{
	enum err err;
	int fd;

	if (sodium_init() < 0)
		return refuse(path, "libsodium does not start");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		TRY(make(arena, path));
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	}
	if (fd < 0)
		return refuse(path, strerror(errno));
	err = read_file(arena, fd, path, out);
	close(fd);
	return err;
}
