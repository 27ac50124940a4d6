/* /api/admin/settings (admin.h). */

#include "api/admin_setting.h"

#include "api/admin.h"
#include "api/audit.h"
#include "base/id.h"
#include "repo/assistant.h"
#include "repo/setting.h"
#include "json/write.h"

#include <inttypes.h>

#define DEFAULT_ASSISTANT "default_assistant"

struct settings {
	uint64_t assistant_id; /* 0: none */
	uint32_t version; /* 0: nothing has been set yet */
};

static enum err
read_settings(struct db *db, struct arena *arena, struct settings *out)
{
	struct setting setting = { .name = DEFAULT_ASSISTANT };
	enum err err = setting_find(db, arena, &setting);

	*out = (struct settings){ 0 };
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	out->version = setting.version;
	if (id_parse(setting.value, &out->assistant_id) != OK)
		out->assistant_id = 0;
	return OK;
}

enum err
admin_setting_assistant(struct db *db, struct arena *arena, uint64_t *id)
{
	struct settings settings;

	TRY(read_settings(db, arena, &settings));
	*id = settings.assistant_id;
	return OK;
}

static enum err
reply(struct response *rs, const struct settings *settings)
{
	struct json_writer w = response_json(rs, 200);

	json_open(&w, '{');
	json_member_int(&w, "version", settings->version);
	json_key(&w, "defaultAssistantId");
	if (settings->assistant_id != 0)
		json_put_id(&w, settings->assistant_id);
	else
		json_put_null(&w);
	json_close(&w, '}');
	return OK;
}

enum err
admin_settings(struct request *rq, struct response *rs)
{
	struct settings settings;
	bool there = false;

	TRY(read_settings(rq->db, rq->arena, &settings));
	TRY(assistant_is_there(
		rq->db, rq->arena, settings.assistant_id, &there));
	if (!there)
		settings.assistant_id = 0;
	return reply(rs, &settings);
}

/* Reads null (none), or an assistant that everybody may see. */
static enum err
read_assistant(
	struct request *rq, const struct json *body, struct settings *settings)
{
	const struct json *json = json_get(body, "defaultAssistantId");
	struct assistant assistant = { 0 };
	uint64_t id = 0;
	enum err err;

	settings->assistant_id = 0;
	if (json_kind(json) == JSON_NULL)
		return OK;
	if (json_kind(json) != JSON_TEXT ||
		id_parse(json_text(json), &id) != OK)
		return request_invalid(rq, "defaultAssistantId",
			"\"defaultAssistantId\" is the id of an assistant, as "
			"a text, or null.");
	err = assistant_find(rq->db, rq->arena, rq->user_id, id, &assistant);
	if (err == ERR_NOT_FOUND || (err == OK && !assistant.published))
		return request_fail(rq, ERR_CONFLICT, "not_published",
			"This assistant does not exist or is not published. "
			"Publish it first.");
	settings->assistant_id = id;
	return err;
}

enum err
admin_change_settings(struct request *rq, struct response *rs)
{
	struct setting setting = { .name = DEFAULT_ASSISTANT };
	const struct json *body;
	struct settings settings;

	TRY(request_json(rq, &body));
	TRY(read_settings(rq->db, rq->arena, &settings));
	TRY(admin_version_since(rq, 0, settings.version));
	TRY(read_assistant(rq, body, &settings));
	setting.value = span_of(
		arena_printf(rq->arena, "%" PRIu64, settings.assistant_id));
	setting.version = settings.version;
	TRY(admin_refuse(rq, setting_put(rq->db, &setting), REFUSED_CHANGED));
	settings.version++;
	audit(rq, "settings_changed", "user=%" PRIu64 " assistant=%" PRIu64,
		rq->user_id, settings.assistant_id);
	return reply(rs, &settings);
}
