#include "base/file.h"

#include "base/buf.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)4096)

static enum err
refuse(const char *path, const char *why, enum err err)
{
	log_error("file_unreadable", "path=\"%s\" reason=\"%s\"", path, why);
	return err;
}

static const char *
why_closed(int number)
{
	return number == EACCES
		? "you may not read it; run this as root, or as the account "
		  "that the programs run as"
		: strerror(number);
}

static enum err
read_all(int fd, const char *path, size_t max, struct buf *buf)
{
	char *room;
	ssize_t n;

	do {
		room = buf_reserve(buf, PIECE);
		n = read(fd, room, PIECE);
		buf_wrote(buf, room + (n > 0 ? n : 0));
	} while (n > 0 && buf->len <= max);
	if (n < 0)
		return refuse(path, strerror(errno), ERR_INTERNAL);
	return n > 0 ? refuse(path, "too large", ERR_TOO_BIG) : OK;
}

/* Editors on Windows begin a file with a byte-order mark. */
static enum err
take_mark(const char *path, struct span *text)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t len = sizeof(mark) - 1;

	if (text->len >= len && memcmp(text->data, mark, len) == 0)
		*text = (struct span){ text->data + len, text->len - len };
	else if (text->len > 1 &&
		(memcmp(text->data, "\xff\xfe", 2) == 0 ||
			memcmp(text->data, "\xfe\xff", 2) == 0))
		return refuse(
			path, "it is UTF-16; save it as UTF-8", ERR_INVALID);
	return OK;
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
		return refuse(path, why_closed(errno), ERR_INTERNAL);
	err = read_all(fd, path, max, &buf);
	close(fd);
	if (err == OK)
		*out = (struct span){ arena_str(arena, buf.data, buf.len),
			buf.len };
	buf_free(&buf);
	return err == OK ? take_mark(path, out) : err;
}

const char *
file_exposed(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return NULL;
	if ((st.st_mode & S_IRWXO) != 0)
		return "everybody on this machine may read it: run chmod "
		       "o-rwx on it";
	if ((st.st_mode & S_IRWXG) != 0 && st.st_uid != 0 &&
		st.st_uid == geteuid())
		return "its group may read it, which need not: run chmod "
		       "g-rwx on it";
	return NULL;
}

/* ---- writing */

bool
file_write(int fd, struct span text)
{
	while (text.len > 0) {
		ssize_t n = write(fd, text.data, text.len);

		if (n < 0)
			return false;
		text = (struct span){ text.data + n, text.len - (size_t)n };
	}
	return fsync(fd) == 0;
}

struct owner {
	uid_t uid;
	gid_t gid;
	mode_t mode;
};

/* Only root can give a file to another user: a file written by anybody else
 * belongs to its writer. */
static bool
give(int fd, struct owner *owner)
{
	if (geteuid() == 0)
		return fchown(fd, owner->uid, owner->gid) == 0;
	if (owner->gid != (gid_t)-1 && fchown(fd, (uid_t)-1, owner->gid) != 0)
		owner->mode &= ~(mode_t)S_IRWXG;
	return true;
}

/* Sets the owner and mode before writing, so that nobody else can read the text
 * meanwhile. */
static bool
fill(int fd, struct span text, struct owner owner)
{
	return give(fd, &owner) && fchmod(fd, owner.mode) == 0 &&
		file_write(fd, text);
}

static struct owner
owner_of(struct arena *arena, const char *path, mode_t mode, gid_t group)
{
	char *copy = arena_str(arena, path, strlen(path));
	struct stat st;

	if (stat(path, &st) == 0 && st.st_uid == 0 && st.st_gid == 0 &&
		group != (gid_t)-1)
		return (struct owner){ 0, group, (st.st_mode & 07777) | mode };
	if (stat(path, &st) == 0)
		return (struct owner){ st.st_uid, st.st_gid,
			st.st_mode & 07777 };
	if (geteuid() == 0 && stat(dirname(copy), &st) == 0 && st.st_uid != 0)
		return (struct owner){ st.st_uid, st.st_gid, mode & S_IRWXU };
	return (struct owner){ (uid_t)-1, group, mode };
}

/* The creator of a link may not be allowed to write to its target. */
static bool
may_follow(const struct stat *link, const struct stat *file)
{
	return geteuid() != 0 || link->st_uid == 0 ||
		link->st_uid == file->st_uid;
}

const char *
file_resolve(struct arena *arena, const char *path)
{
	char real[PATH_MAX];
	struct stat link, file;

	if (lstat(path, &link) != 0 || !S_ISLNK(link.st_mode))
		return path;
	if (realpath(path, real) == NULL || stat(real, &file) != 0)
		return NULL;
	errno = EPERM;
	return may_follow(&link, &file) ? arena_str(arena, real, strlen(real))
					: NULL;
}

void
file_sync_folder(struct arena *arena, const char *path)
{
	char *copy = arena_str(arena, path, strlen(path));
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (fsync(fd) != 0)
		log_warn("folder_sync", "errno=%d", errno);
	close(fd);
}

static enum err
replace(struct arena *arena, const char *path, struct span text,
	struct owner owner)
{
	char *temporary = arena_printf(arena, "%s.XXXXXX", path);
	int fd = mkostemp(temporary, O_CLOEXEC); /* created with mode 0600 */
	bool done = fd >= 0 && fill(fd, text, owner);
	int why = errno;

	if (fd >= 0)
		close(fd);
	if (done && rename(temporary, path) == 0) {
		file_sync_folder(arena, path);
		return OK;
	}
	why = done ? errno : why;
	if (fd >= 0)
		unlink(temporary);
	log_error("file_unwritable", "path=\"%s\" reason=\"%s\"", path,
		strerror(why));
	return ERR_INTERNAL;
}

enum err
file_replace(struct arena *arena, const char *path, struct span text,
	mode_t mode, gid_t group)
{
	const char *real = file_resolve(arena, path);

	if (real != NULL)
		return replace(
			arena, real, text, owner_of(arena, real, mode, group));
	log_error("file_unwritable",
		"path=\"%s\" reason=\"the link leads nowhere, or to what is not "
		"its owner's: %s\"",
		path, strerror(errno));
	return ERR_INTERNAL;
}
