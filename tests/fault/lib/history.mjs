// What happened in a round, as the checks want it: plain data, no behaviour.
//
//   bounds    { usableMs, stopMs }: how long a session may be unusable after a fault, how long a stop may take
//   sends     what clients posted: { send, user, wire, chatId, clientId, parts (JSON text), kind: "first" | "next" | "edit" |
//             "regenerate" | "continue", script, sessionId (posted with it), attempts: [time], conflict (same key, other content),
//             acks: [{ at, sessionId, replyId, userIds }], refusals: [{ at, status, code }] }
//   views     streams as they were read: { replyId, sessionId, via: "send" | "resume" | "continue" (shows what is new), startAt, at (of the last chunk),
//             text (what was shown), status, done ([DONE] came), silentAt (when it was given up, because nothing came) }
//   witnesses what the database held at the moment when a client had read so much: { replyId, via, shown, stored }
//   stops     { sessionId, at, answeredAt, status, running: { replyId, text } (what the client saw running, or null),
//             listed (its status in the list right after, null: it is not there) }
//   reads     lists of messages: { user, sessionId, at, status, messages: [{ id, role, status, shown }] }
//   deletes   { user, sessionId, at, answeredAt, status }
//   probes    sessions that were tried until they took a message: { sessionId, since, usableAt (null: never) }
//   faults    { name, at, until, allows5xx, allows401 }
//   refused   answers of status 401 or >= 500, or that a model is unknown: { at, method, path, status }
//   reports   of sanitizers
//   wrong     what models' servers said to requests that they refuse
//   upstream  scripts: { script, retried (may be asked again), planned: [{ shown, clean }], calls: [{ at, steps, gone }] }
//   samples   what the tables showed meanwhile, each in one consistent read: { at, workers: [{ node, epoch }],
//             streaming: [{ id, sessionId, node, epoch, seq }] }
//   recovered ids of the replies that a worker's log says were recovered
//   tables    at the end: users, sessions, messages (shown: what a person reads; createdAt: 0 where clocks were wrong), deltas
//   undurable whether a worker logged that it went on without its database (chat.journal_wait_ms)
//   atRest    whether the end was waited for

export function newHistory(bounds) {
	return {
		bounds,
		sends: [],
		views: [],
		witnesses: [],
		stops: [],
		reads: [],
		deletes: [],
		probes: [],
		faults: [],
		refused: [],
		reports: [],
		wrong: [],
		upstream: [],
		samples: [],
		recovered: [],
		tables: { users: [], sessions: [], messages: [], deltas: [] },
		undurable: false,
		atRest: true,
	};
}

/** Which script a message asks for. */
export const scriptOf = (text) => /\[\[play:([\w.-]+)\]\]/.exec(text)?.[1];
