#include "api/admin.h"

#include "api/admin_shape.h"

enum err
admin_id(struct request *rq, uint64_t *out)
{
	if (span_is(request_path_text(rq, "id"), ADMIN_CONFIGURED))
		return request_fail(rq, ERR_CONFLICT, "locked",
			"This is set in the configuration file or the "
			"environment (llm.*). Change it there.");
	return request_id(rq, "id", out);
}

enum err
admin_body(struct request *rq, struct admin_form *out)
{
	*out = (struct admin_form){ .arena = rq->arena };
	return request_json(rq, &out->body);
}

enum err
admin_version(struct request *rq, uint32_t now)
{
	return admin_version_since(rq, 1, now);
}

enum err
admin_version_since(struct request *rq, uint32_t first, uint32_t now)
{
	int64_t given = json_int(json_get(rq->json, "version"), -1);

	if (given < first || given > UINT32_MAX)
		return request_invalid(rq, "version",
			"\"version\" must be the version number that you read "
			"before this change.");
	return given == now ? OK
			    : admin_refuse(rq, ERR_CONFLICT, REFUSED_CHANGED);
}

enum err
admin_answer(struct request *rq, enum err err, const struct admin_form *form)
{
	if (err != ERR_INVALID || form->detail == NULL)
		return err;
	rq->about = form->about;
	return request_invalid(rq, form->field, "%s", form->detail);
}

enum err
admin_refuse(struct request *rq, enum err err, enum refusal why)
{
	return err == ERR_CONFLICT ? request_fail(rq, err, admin_form_code(why),
					     admin_form_sentence(why))
				   : err;
}
