/* setup_next.c: what is left to do when the settings are written. */

#include "lamplight/setup.h"

#include <unistd.h>

static bool
exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* The package's files of the web servers are there, and off. A server's own
 * first page stands before a site that has been given no name. */
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

/* Programs read their settings when they start. */
static void
say_running(const struct setup *setup, bool systemd)
{
	bool changed = setup->before.data != NULL &&
		!span_equal(setup->before, setup->text);

	if (changed && systemd)
		puts("Changed: programs that run keep the settings of before "
		     "until: lamplight reload");
	else if (changed)
		puts("Changed: programs that run keep the settings of before "
		     "until they start again.");
}

void
setup_say_next(const struct setup *setup)
{
	bool systemd = geteuid() == 0 && exists("/run/systemd/system");

	printf("Settings: %s\n", setup->path);
	say_running(setup, systemd);
	if (systemd)
		puts("Next: systemctl enable --now lamplight.target   "
		     "(running already: lamplight reload)");
	say_web();
	if (setup->conf.auth.registration == CONF_OFF)
		puts("An account: lamplight user add NAME   (or: lamplight "
		     "user invite)");
	puts("Then: lamplight doctor http://...   with the address of the "
	     "site");
}
