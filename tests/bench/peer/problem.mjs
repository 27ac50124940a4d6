// Errors in the form of the API (RFC 9457).

const KINDS = {
	400: ["invalid", "Bad Request", "The request is not in the form that is expected."],
	401: ["denied", "Unauthorized", "A valid token is needed."],
	404: ["not_found", "Not Found", "There is nothing here."],
	409: ["conflict", "Conflict", "It is in use."],
	413: ["too_big", "Content Too Large", "The request is too large."],
	415: ["media_type", "Unsupported Media Type", "The body is JSON."],
	500: ["internal", "Internal Server Error", "Something went wrong."],
	503: ["busy", "Service Unavailable", "It is busy."],
};

export class Problem extends Error {
	constructor(status, field) {
		super(KINDS[status][2]);
		Object.assign(this, { statusCode: status, field });
	}
}

/** The invalid member: the one that a route names, or that the schema reports. */
function fieldOf({ field, validation }) {
	const at = validation?.[0];
	return field ?? at?.params?.missingProperty ?? at?.instancePath.split("/")[1];
}

export function problem(reply, request, error) {
	const status = KINDS[error.statusCode] ? error.statusCode : 500;
	if (status === 500) console.error(error);
	const [code, title, detail] = KINDS[status];
	const field = fieldOf(error);
	return reply
		.code(status)
		.type("application/problem+json")
		.send(JSON.stringify({ type: "about:blank", status, title, detail, code, requestId: request.id, ...(field && { field }) }));
}
