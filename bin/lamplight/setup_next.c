/* setup_next.c: shows what remains to be done after the settings are
 * written. */

#include "lamplight/setup.h"

#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* The package has installed the web servers' files, but not enabled them. A
 * server's default page hides a site without a name. */
static void
say_web(void)
{
	if (exists("/etc/nginx/sites-available/lamplight") &&
		!exists("/etc/nginx/sites-enabled/lamplight")) {
		if (exists("/etc/nginx/sites-enabled/default"))
			puts("nginx: its default site answers before this one: "
			     "rm /etc/nginx/sites-enabled/default   (or put "
			     "your site's name behind server_name in "
			     "/etc/nginx/sites-available/lamplight)");
		puts("nginx: ln -s ../sites-available/lamplight "
		     "/etc/nginx/sites-enabled/ && systemctl reload nginx");
	}
	if (exists("/etc/apache2/sites-available/lamplight.conf") &&
		exists("/usr/sbin/a2ensite") &&
		!exists("/etc/apache2/sites-enabled/lamplight.conf")) {
		if (exists("/etc/apache2/sites-enabled/000-default.conf"))
			puts("Apache: its default site answers before this one: "
			     "a2dissite 000-default   (or put your site's name "
			     "behind ServerName in "
			     "/etc/apache2/sites-available/lamplight.conf)");
		puts("Apache: a2enmod proxy_fcgi headers unique_id deflate && "
		     "a2ensite lamplight && systemctl restart apache2");
	}
}

/* The launcher of a tarball, which passes the settings on. */
static const char *
launcher_of(struct arena *arena, const char *self)
{
	char *copy = arena_str(arena, self, strlen(self));
	const char *beside =
		arena_printf(arena, "%s/lamplight", dirname(dirname(copy)));
	struct stat st;

	return stat(beside, &st) == 0 && S_ISREG(st.st_mode) &&
			access(beside, X_OK) == 0
		? beside
		: self;
}

static bool
is_in_path(struct arena *arena, const char *program)
{
	const char *path = getenv("PATH");
	char real[PATH_MAX];

	while (path != NULL && *path != '\0') {
		size_t len = strcspn(path, ":");

		if (realpath(arena_printf(
				     arena, "%.*s/lamplight", (int)len, path),
			    real) != NULL &&
			strcmp(real, program) == 0)
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

const char *
setup_command(struct arena *arena)
{
	char self[PATH_MAX];
	const char *program;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len <= 0)
		return "lamplight";
	self[len] = '\0';
	program = launcher_of(arena, self);
	if (is_in_path(arena, program))
		return "lamplight";
	if (strpbrk(program, " '\"$") == NULL)
		return arena_str(arena, program, strlen(program));
	return arena_printf(arena, "\"%s\"", program);
}

/* Programs read their settings only when they start. */
static void
say_running(const struct setup *setup, const char *command, bool systemd)
{
	bool changed = setup->before.data != NULL &&
		(setup->secret_given ||
			!span_equal(setup->before, setup->text));

	if (changed && systemd)
		printf("The settings have changed. Running programs keep the "
		       "old ones until you run %s reload\n",
			command);
	else if (changed)
		puts("The settings have changed. Running programs keep the old "
		     "ones until they start again.");
}

void
setup_say_next(struct setup *setup)
{
	const char *command = setup_command(&setup->arena);
	bool systemd = geteuid() == 0 && exists("/run/systemd/system");

	printf("Settings: %s\n", setup->path);
	say_running(setup, command, systemd);
	if (systemd)
		printf("Next: systemctl enable --now lamplight.target   "
		       "(running already: %s reload)\n",
			command);
	say_web();
	if (setup->conf.auth.registration == CONF_OFF)
		printf("An account: %s user add NAME   (or: %s user invite)\n",
			command, command);
	printf("Then: %s doctor http://...   with the address of the site\n",
		command);
}
