/*
 * settings_load.h: reads the [llm] section into settings.h.
 */

#ifndef LLM_SETTINGS_LOAD_H
#define LLM_SETTINGS_LOAD_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "llm/settings.h"

/*
 * Checks the section and reads llm.tools_file, an array of OpenAI function
 * tools: {"type":"function","function":{"name","description"?,"parameters"?}}.
 * Lives as long as *arena*. ERR_INVALID after a logged sentence that names
 * the key. An unset model is no error: llm_client answers LLM_NO_MODEL.
 */
MUST_USE enum err llm_settings_load(struct arena *arena,
	const struct llm_conf *conf, struct llm_settings *out);

/*
 * Offers more tools, those that run in the server: *tools* is such an array as
 * JSON. ERR_INVALID after a logged sentence that names *key* when it is none
 * or a name is there already.
 */
MUST_USE enum err llm_settings_add_tools(struct arena *arena, const char *key,
	struct span tools, struct llm_settings *settings);

#endif
