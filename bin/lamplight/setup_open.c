/* setup_open.c: locks the folder of the settings and makes the draft in it. */

#include "base/file.h"
#include "lamplight/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define ACCOUNT "lamplight"

/* Reads the current settings, or the commented ones of the release. */
static enum err
read_settings(struct setup *setup)
{
	const char *came = place_of(
		&setup->arena, "lamplight.conf", "conf/lamplight.conf");
	enum err err = file_read(
		&setup->arena, setup->path, SETUP_FILE_MAX, &setup->text);

	if (err == OK)
		setup->before = setup->text;
	if (err == ERR_NOT_FOUND && came != NULL)
		err = file_read(
			&setup->arena, came, SETUP_FILE_MAX, &setup->text);
	if (err == ERR_NOT_FOUND)
		setup->text = span_of("");
	return err == ERR_NOT_FOUND ? OK : err;
}

/* Root writes for the programs' group, any other user only for itself. */
static void
choose_readers(struct setup *setup)
{
	struct group *group = geteuid() == 0 ? getgrnam(ACCOUNT) : NULL;

	setup->mode = group != NULL ? 0640 : 0600;
	setup->group = group != NULL ? group->gr_gid : (gid_t)-1;
}

/* The owner of the folder runs the programs that read it. */
static bool
is_somebodys(const char *folder, struct stat *st)
{
	return stat(folder, st) == 0 && st->st_uid != 0;
}

/* Creates the folder if it does not exist. */
static bool
make_folder(struct setup *setup, const char *folder)
{
	const char *above = dirname(arena_printf(&setup->arena, "%s", folder));
	struct stat st;

	if (mkdir(folder, 0700) != 0)
		return errno == EEXIST;
	if (geteuid() == 0 && is_somebodys(above, &st))
		return lchown(folder, st.st_uid, st.st_gid) == 0;
	return setup->group == (gid_t)-1 ||
		(chown(folder, (uid_t)-1, setup->group) == 0 &&
			chmod(folder, 0750) == 0);
}

/* The programs start elsewhere, so paths are made absolute. */
static enum err
open_folder(struct setup *setup)
{
	const char *given = conf_path();
	const char *folder =
		dirname(arena_str(&setup->arena, given, strlen(given)));
	char whole[PATH_MAX];
	struct stat st;

	if (!make_folder(setup, folder) || realpath(folder, whole) == NULL) {
		fprintf(stderr, "The folder %s cannot be made: %s\n", folder,
			strerror(errno));
		return ERR_INVALID;
	}
	setup->folder = arena_str(&setup->arena, whole, strlen(whole));
	setup->path = arena_printf(&setup->arena, "%s/%s", whole,
		basename(arena_str(&setup->arena, given, strlen(given))));
	setup->draft = arena_printf(&setup->arena, "%s.draft", setup->path);
	setup->is_somebodys = is_somebodys(whole, &st);
	if (geteuid() == 0 && !setup->is_somebodys && setup->group == (gid_t)-1)
		puts("Note: there is no group " ACCOUNT
		     ", so only root can read the settings; systemd-sysusers "
		     "makes it.");
	return OK;
}

/* Two runs at once would write the same draft. The lock ends with the
 * process. */
static enum err
lock_folder(const struct setup *setup)
{
	int fd = open(setup->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return OK;
	fprintf(stderr, "%s: %s\n", setup->folder,
		errno == EWOULDBLOCK ? "another lamplight setup is running "
				       "here; try again when it has ended."
				     : strerror(errno));
	return ERR_BUSY;
}

/* Reads the file while LAMPLIGHT_CONF still names it, so that an error is
 * reported with its real name. */
static enum err
check_settings_file(struct setup *setup)
{
	const char *given;

	if (setup->before.len == 0 ||
		conf_given(&setup->arena, "http.base_path", &given) == OK)
		return OK;
	fputs(TASK_MISTAKE, stderr);
	return ERR_INVALID;
}

enum err
setup_open(struct setup *setup)
{
	setup->path =
		arena_str(&setup->arena, conf_path(), strlen(conf_path()));
	setup->draft = arena_printf(&setup->arena, "%s.draft", setup->path);
	setup->asks = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	choose_readers(setup);
	TRY(open_folder(setup));
	TRY(lock_folder(setup));
	TRY(read_settings(setup));
	TRY(check_settings_file(setup));
	TRY(setup_write_draft(setup));
	return setenv("LAMPLIGHT_CONF", setup->draft, 1) == 0 ? OK
							      : ERR_INTERNAL;
}
