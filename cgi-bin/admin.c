/* admin.c: /api/admin/...: what administrators change while the programs run. A
 * site may leave this program out, or let its web server admit only requests
 * from an internal network. */

#include "api/admin.h"
#include "api/admin_ask.h"
#include "api/later.h"
#include "api/program.h"

static const struct route routes[] = {
	{ "GET", "/api/admin/providers", admin_providers, ADMIN, LIMIT_READ,
		SMALL_BODY },
	{ "POST", "/api/admin/providers", admin_add_provider, ADMIN,
		LIMIT_WRITE, TEXT_BODY },
	{ "PATCH", "/api/admin/providers/:id", admin_change_provider, ADMIN,
		LIMIT_WRITE, TEXT_BODY },
	{ "DELETE", "/api/admin/providers/:id", admin_remove_provider, ADMIN,
		LIMIT_WRITE, SMALL_BODY },
	{ "GET", "/api/admin/providers/:id/offers", admin_offers, ADMIN,
		LIMIT_WRITE, SMALL_BODY },
	{ "GET", "/api/admin/models", admin_models, ADMIN, LIMIT_READ,
		SMALL_BODY },
	{ "POST", "/api/admin/models", admin_add_model, ADMIN, LIMIT_WRITE,
		TEXT_BODY },
	{ "PATCH", "/api/admin/models/:id", admin_change_model, ADMIN,
		LIMIT_WRITE, TEXT_BODY },
	{ "DELETE", "/api/admin/models/:id", admin_remove_model, ADMIN,
		LIMIT_WRITE, SMALL_BODY },
	{ "POST", "/api/admin/models/:id/test", admin_test_model, ADMIN,
		LIMIT_WRITE, SMALL_BODY },
	{ "GET", "/api/admin/users", admin_users, ADMIN, LIMIT_READ,
		SMALL_BODY },
	{ "POST", "/api/admin/users", admin_add_user, ADMIN, LIMIT_WRITE,
		SMALL_BODY },
	{ "PATCH", "/api/admin/users/:id", admin_change_user, ADMIN,
		LIMIT_WRITE, SMALL_BODY },
	{ "POST", "/api/admin/users/:id/password", admin_set_password, ADMIN,
		LIMIT_WRITE, SMALL_BODY },
	{ "GET", "/api/admin/usage", admin_usage, ADMIN, LIMIT_READ,
		SMALL_BODY },
	{ "GET", "/api/admin/settings", admin_settings, ADMIN, LIMIT_READ,
		SMALL_BODY },
	{ "PATCH", "/api/admin/settings", admin_change_settings, ADMIN,
		LIMIT_WRITE, SMALL_BODY },
};

static enum err
start(struct app *app)
{
	app->later = later_open(app);
	app->asks = admin_asks_open(app);
	return OK;
}

static void
stop(struct app *app)
{
	admin_asks_close(app->asks);
	later_close(app->later);
}

int
main(void)
{
	static const struct program program = { .name = "admin",
		.needs = PROGRAM_MAKES_IDS,
		.routes = routes,
		.n_routes = LENGTH(routes),
		.hands_over = true,
		.start = start,
		.stop = stop };

	return program_run(&program);
}
