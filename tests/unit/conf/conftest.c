/* conftest.c: uses a temporary file. */

#include "conftest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

int
conftest_setup(void **state)
{
	struct conftest *f = calloc(1, sizeof(*f));
	int fd;

	for (char **entry = environ; *entry != NULL;) {
		char name[128];

		if (strncmp(*entry, "LAMPLIGHT_", 10) != 0) {
			entry++;
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(*entry, "="),
			*entry);
		unsetenv(name);
	}
	snprintf(f->path, sizeof(f->path), "/tmp/conf_test.XXXXXX");
	fd = mkstemp(f->path);
	if (fd < 0)
		return -1;
	close(fd);
	setenv("LAMPLIGHT_CONF", f->path, 1);
	*state = f;
	return 0;
}

int
conftest_teardown(void **state)
{
	struct conftest *f = *state;

	arena_reset(&f->arena);
	unlink(f->path);
	free(f);
	return 0;
}

void
conftest_write(struct conftest *f, const char *file)
{
	FILE *stream = fopen(f->path, "w");

	assert_non_null(stream);
	fputs(file, stream);
	fclose(stream);
}

enum err
conftest_load(struct conftest *f, const char *file)
{
	conftest_write(f, file);
	return conf_load(&f->arena, &f->conf);
}
