#include "base/file.h"

#include "base/buf.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE ((size_t)4096)

static enum err
refuse(const char *path, const char *why, enum err err)
{
	log_error("file_unreadable", "path=\"%s\" reason=\"%s\"", path, why);
	return err;
}

static enum err
read_all(int fd, const char *path, size_t max, struct buf *buf)
{
	ssize_t n;

	do {
		n = read(fd, buf_reserve(buf, PIECE), PIECE);
		buf->len += n > 0 ? (size_t)n : 0;
	} while (n > 0 && buf->len <= max);
	if (n < 0)
		return refuse(path, strerror(errno), ERR_INTERNAL);
	return n > 0 ? refuse(path, "too large", ERR_TOO_BIG) : OK;
}

enum err
file_read(struct arena *arena, const char *path, size_t max, struct span *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf buf = BUF_INIT;
	enum err err;

	if (fd < 0 && errno == ENOENT)
		return ERR_NOT_FOUND;
	if (fd < 0)
		return refuse(path, strerror(errno), ERR_INTERNAL);
	err = read_all(fd, path, max, &buf);
	close(fd);
	if (err == OK)
		*out = (struct span){ arena_str(arena, buf.data, buf.len),
			buf.len };
	buf_free(&buf);
	return err;
}
