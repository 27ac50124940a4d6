/*
 * settings_load.h: turns the [llm] section into the settings of
 * wire/settings.h.
 */

#ifndef LLM_SETTINGS_LOAD_H
#define LLM_SETTINGS_LOAD_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "wire/settings.h"

/*
 * Checks the section and reads llm.tools_file, an array of OpenAI function
 * tools: {"type":"function","function":{"name","description"?,"parameters"?}}.
 * The result lives as long as *arena*. ERR_INVALID after logging a sentence
 * that names the key. An unset model is no error: llm_client answers
 * LLM_NO_MODEL.
 */
MUST_USE enum err llm_settings_load(struct arena *arena,
	const struct llm_conf *conf, struct llm_settings *out);

/*
 * Adds the tools that run in the server: *tools* is such an array as JSON.
 * ERR_INVALID after logging a sentence that names *key* if it is not an array
 * of tools, or if a name is already in use.
 */
MUST_USE enum err llm_settings_add_tools(struct arena *arena, const char *key,
	struct span tools, struct llm_settings *settings);

#endif
