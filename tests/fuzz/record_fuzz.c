/*
 * record_fuzz.c: bytes of a peer against the framing, and what passes it
 * against libfcgi. Must hold for any bytes: how they are cut changes
 * nothing, and libfcgi reads from a request what the framing has read.
 *
 * The first byte of the input says how the rest is cut.
 */

#include "fuzz.h"

#include "base/arena.h"
#include "http/fcgi.h"
#include "http/record.h"

static struct fcgi_library *library;

/* ---- what libfcgi makes of a request */

/* "NAME=VALUE" */
static bool
is_pair(const char *text, struct span name, struct span value)
{
	return strlen(text) == name.len + 1 + value.len &&
		memcmp(text, name.data, name.len) == 0 &&
		text[name.len] == '=' &&
		(value.len == 0 ||
			memcmp(text + name.len + 1, value.data, value.len) ==
				0);
}

static void
compare_params(char **envp, struct span pairs)
{
	struct span name, value;

	must(strcmp(*envp++, "FCGI_ROLE=RESPONDER") == 0, "role");
	while (record_pair(&pairs, &name, &value))
		must(*envp != NULL && is_pair(*envp++, name, value), "pair");
	must(pairs.len == 0 && *envp == NULL, "number of pairs");
}

static void
compare(const struct buf *params, struct buf *body)
{
	struct buf copy = BUF_INIT;
	char **envp = NULL;

	buf_put_span(&copy, buf_span(body));
	must(fcgi_library_read(library, buf_span(params), body, &envp) == OK,
		"libfcgi reads what was framed");
	compare_params(envp, buf_span(params));
	must(span_equal(buf_span(&copy), buf_span(body)), "body");
	buf_free(&copy);
}

/* ---- what the framing makes of bytes */

struct reading {
	struct record_reader reader;
	struct buf body;
	struct buf events; /* as a text, without the cuts of the body */
	bool broken;
	bool to_library;
};

static void
tell(struct reading *r, char event)
{
	struct record_reader *reader = &r->reader;

	buf_printf(&r->events, "%c %u %d %d %zu %zu;", event,
		reader->request_id, reader->keep, reader->params_err,
		reader->params.len, r->body.len);
	buf_put_span(&r->events, buf_span(&reader->params));
	buf_put_span(&r->events, buf_span(&r->body));
}

static void
end_request(struct reading *r)
{
	if (r->to_library && r->reader.params_err == OK)
		compare(&r->reader.params, &r->body);
	record_reset(&r->reader);
	buf_clear(&r->body);
}

static void
on_event(struct reading *r, enum record_event event, struct span piece)
{
	static const char letters[] = "-HBWA!";

	if (event == RECORD_BODY)
		buf_put_span(&r->body, piece);
	else if (event != RECORD_MORE)
		tell(r, letters[event]);
	if (event == RECORD_WHOLE || event == RECORD_ABORTED) {
		if (event == RECORD_ABORTED)
			r->reader.params_err = ERR_INVALID;
		end_request(r);
	}
	r->broken = event == RECORD_BROKEN;
}

static void
read_bytes(struct reading *r, struct span in)
{
	enum record_event event = RECORD_BODY;
	struct span piece = { "", 0 };

	while (!r->broken && event != RECORD_MORE) {
		event = record_read(&r->reader, &in, &piece);
		on_event(r, event, piece);
	}
	must(r->broken || in.len == 0, "all is taken");
	must(r->reader.params.len <= RECORD_PARAMS_MAX, "cap of parameters");
}

static void
close_reading(struct reading *r)
{
	record_reader_free(&r->reader);
	buf_free(&r->body);
	buf_free(&r->events);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading whole = { .to_library = true }, cut = { 0 };
	size_t step, len;

	if (library == NULL)
		library = fcgi_library_open();
	if (size == 0)
		return 0;
	step = (size_t)data[0] + 1;
	read_bytes(&whole, (struct span){ (const char *)data + 1, size - 1 });
	for (size_t at = 1; at < size; at += len) {
		len = MIN(size - at, step);
		read_bytes(&cut, (struct span){ (const char *)data + at, len });
	}
	must(whole.broken == cut.broken &&
			span_equal(buf_span(&whole.events),
				buf_span(&cut.events)) &&
			span_equal(buf_span(&whole.reader.reply),
				buf_span(&cut.reader.reply)),
		"cuts change nothing");
	close_reading(&whole);
	close_reading(&cut);
	return 0;
}
