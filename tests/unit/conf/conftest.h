/* conftest.h: settings from a file that a test has written. */

#ifndef UNIT_CONF_CONFTEST_H
#define UNIT_CONF_CONFTEST_H

#include "../unit.h"
#include "base/arena.h"
#include "conf/conf.h"

struct conftest {
	struct arena arena;
	struct conf conf;
	char path[64]; /* of the file */
};

/* cmocka's setup and teardown of a test. They hide settings of the environment
 * (the test database). */
int conftest_setup(void **state);
int conftest_teardown(void **state);

#define CONFTEST(name) \
	cmocka_unit_test_setup_teardown(name, conftest_setup, conftest_teardown)

void conftest_write(struct conftest *f, const char *file);
/* Writes the file and reads it. */
enum err conftest_load(struct conftest *f, const char *file);

#endif
