#include "api/privacy.h"

#include "api/app.h"
#include "base/file.h"
#include "json/utf8.h"

#include <string.h>

enum err
privacy_load(
	struct arena *arena, const struct http_conf *conf, struct span *out)
{
	static const char key[] = "http.privacy_file";
	enum err err;

	*out = (struct span){ NULL, 0 };
	if (conf->privacy_file[0] == '\0')
		return OK;
	err = file_read(arena, conf->privacy_file, PRIVACY_MAX, out);
	if (err == ERR_NOT_FOUND)
		return conf_refuse(key, "there is no such file");
	if (err == ERR_TOO_BIG)
		return conf_refuse(key, "a text of at most 64 KB");
	if (err != OK && err != ERR_INVALID)
		return conf_refuse(key, "a file that can be read");
	if (err != OK || !utf8_valid(*out) ||
		memchr(out->data, '\0', out->len) != NULL)
		return conf_refuse(key, "a text in UTF-8");
	return OK;
}

enum err
privacy_get(struct request *rq, struct response *rs)
{
	struct json_writer w;

	if (rq->app->privacy.len == 0)
		return ERR_NOT_FOUND;
	w = response_json(rs, 200);
	json_open(&w, '{');
	json_member_text(&w, "text", rq->app->privacy);
	json_close(&w, '}');
	return OK;
}
