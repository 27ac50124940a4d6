#include "http/answer.h"

#include "base/attr.h"
#include "http/record.h"

#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/uio.h>

static void
add(struct answer *answer, const char *data, size_t len)
{
	answer->iov[answer->n++] =
		(struct iovec){ (void *)(uintptr_t)data, len };
	answer->len += len;
}

static void
add_header(struct answer *answer, struct arena *arena, uint16_t request_id,
	size_t len)
{
	char *header = arena_room(arena, RECORD_HEADER);

	record_header(header, RECORD_STDOUT, request_id, len);
	add(answer, header, RECORD_HEADER);
}

static void
add_end(struct answer *answer, struct arena *arena, uint16_t request_id)
{
	char *end = arena_room(arena, RECORD_END_LEN);

	record_end(end, request_id, RECORD_COMPLETE);
	add(answer, end, RECORD_END_LEN);
}

void
answer_frame(struct answer *answer, struct arena *arena, uint16_t request_id,
	const struct span *pieces, size_t n)
{
	size_t left = 0, room = 0, len;

	for (size_t i = 0; i < n; i++)
		left += pieces[i].len;
	*answer = (struct answer){ 0 };
	answer->iov = arena_room(arena,
		(n + 2 * (left / RECORD_CONTENT_MAX + 1) + 1) *
			sizeof(*answer->iov));
	for (size_t i = 0; i < n; i++) {
		for (struct span p = pieces[i]; p.len > 0;
			p.data += len, p.len -= len) {
			if (room == 0) {
				room = MIN(left, (size_t)RECORD_CONTENT_MAX);
				add_header(answer, arena, request_id, room);
			}
			len = MIN(p.len, room);
			add(answer, p.data, len);
			room -= len;
			left -= len;
		}
	}
	add_end(answer, arena, request_id);
	answer->left = answer->len;
}

/* Skips *sent* bytes, which have been sent. */
static void
advance(struct answer *answer, size_t sent)
{
	struct iovec *iov;

	answer->left -= sent;
	for (; sent > 0; sent -= MIN(sent, iov->iov_len)) {
		iov = &answer->iov[answer->at];
		if (sent < iov->iov_len) {
			iov->iov_base = (char *)iov->iov_base + sent;
			iov->iov_len -= sent;
			return;
		}
		answer->at++;
	}
}

bool
answer_send(struct answer *answer, int fd)
{
	struct msghdr message = { 0 };
	ssize_t n;

	while (answer->left > 0) {
		message.msg_iov = answer->iov + answer->at;
		message.msg_iovlen =
			MIN(answer->n - answer->at, (size_t)IOV_MAX);
		n = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		advance(answer, (size_t)n);
	}
	return true;
}

void
answer_keep(struct answer *answer, struct arena *arena)
{
	answer->arena = *arena;
	*arena = (struct arena)ARENA_INIT;
}

void
answer_drop(struct answer *answer)
{
	arena_reset(&answer->arena);
	*answer = (struct answer){ 0 };
}
