#include "command.h"

#include "../unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct buf said;

/* build/<variant>/tests/unit/bin/lamplight_test -> build/<variant>/bin/lamplight */
const char *
command_program(void)
{
	static char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 32);

	for (int up = 0; up < 4 && len > 0; up++)
		len = (char *)memrchr(path, '/', (size_t)len) - path;
	strcpy(path + len, "/bin/lamplight");
	return path;
}

int
command_shell(const char *command)
{
	FILE *stream = popen(command, "r");
	char line[512];
	int status;

	assert_non_null(stream);
	buf_clear(&said);
	while (fgets(line, sizeof(line), stream) != NULL)
		buf_puts(&said, line);
	status = pclose(stream);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

int
command_run(struct arena *arena, const char *arguments, const char *input)
{
	return command_shell(
		arena_printf(arena, "printf '%%s' '%s' | %s %s 2>&1", input,
			command_program(), arguments));
}

void
assert_said(const char *part)
{
	if (strstr(buf_str(&said), part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, buf_str(&said));
}

void
assert_not_said(const char *part)
{
	if (strstr(buf_str(&said), part) != NULL)
		fail_msg("\"%s\" is in: %s", part, buf_str(&said));
}

int
command_seals(struct arena *arena)
{
	return command_run(arena, "secret accept", "");
}

int
command_sealed_nothing(struct db *db)
{
	return db_exec(db, "UPDATE settings_epoch SET key_check = NULL",
		       NO_PARAMS) == OK
		? 0
		: -1;
}
