#include "http/fcgi.h"

#include "base/log.h"
#include "base/mem.h"
#include "http/record.h"
#include "http/request.h"

#include <errno.h>
#include <fcgiapp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define REQUEST_ID 1
#define BODY_PIECE ((size_t)32 << 10)
/* Room for the largest parameters, the headers of their records, and the
 * rest. */
#define FILE_SIZE ((off_t)(RECORD_PARAMS_MAX + 4096))

struct fcgi_library {
	FCGX_Request fcgx;
	int fd;
	char *file; /* the content of the file */
	struct buf records;
};

/* ---- answers */

void
fcgi_put(struct buf *out, const struct fcgi_peer *peer, struct span text)
{
	record_put(out, RECORD_STDOUT, peer->request_id, text);
}

void
fcgi_put_end(struct buf *out, const struct fcgi_peer *peer)
{
	record_put_eof(out, RECORD_STDOUT, peer->request_id);
	record_put_end(out, peer->request_id, RECORD_COMPLETE);
}

void
fcgi_answer(struct request *rq, const struct span *pieces, size_t n)
{
	struct fcgi_exchange *exchange = rq->exchange;

	answer_frame(&exchange->answer, rq->arena, exchange->peer.request_id,
		pieces, n);
}

struct fcgi_peer
fcgi_peer_of(const struct request *rq)
{
	return rq->exchange->peer;
}

void
fcgi_release(struct request *rq)
{
	rq->exchange->released = true;
}

/* ---- the library */

static void
library_init(void)
{
	if (FCGX_Init() != 0)
		abort();
}

struct fcgi_library *
fcgi_library_open(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct fcgi_library *library = mem_zalloc(sizeof(*library));

	pthread_once(&once, library_init);
	library->fd = memfd_create("fcgi", MFD_CLOEXEC);
	if (library->fd < 0 || ftruncate(library->fd, FILE_SIZE) != 0)
		abort();
	library->file = mmap(NULL, (size_t)FILE_SIZE, PROT_READ | PROT_WRITE,
		MAP_SHARED, library->fd, 0);
	if (library->file == MAP_FAILED)
		abort();
	/* Pass no socket: the library must never accept by itself. */
	FCGX_InitRequest(&library->fcgx, -1, 0);
	return library;
}

/* Does not call FCGX_Finish_r(), which would write an answer into the file. */
static void
forget_last(struct fcgi_library *library)
{
	library->fcgx.ipcFd = -1;
	FCGX_Free(&library->fcgx, 0);
}

void
fcgi_library_close(struct fcgi_library *library)
{
	forget_last(library);
	munmap(library->file, (size_t)FILE_SIZE);
	close(library->fd);
	buf_free(&library->records);
	free(library);
}

/* Puts *records* at the end of the file and sets the offset to their start, so
 * that the library, which reads as much as it can, finds them and nothing
 * else. */
static bool
offer(struct fcgi_library *library)
{
	const struct buf *records = &library->records;
	off_t at = FILE_SIZE - (off_t)records->len;

	if (at < 0)
		return false;
	memcpy(library->file + at, records->data, records->len);
	return lseek(library->fd, at, SEEK_SET) == at;
}

static bool
read_head(struct fcgi_library *library, struct span params, bool has_body)
{
	static const char begin[8] = { 0, 1, 1 }; /* responder, keep open */
	struct buf *records = &library->records;

	buf_clear(records);
	record_put(records, RECORD_BEGIN, REQUEST_ID,
		(struct span){ begin, sizeof(begin) });
	record_put(records, RECORD_PARAMS, REQUEST_ID, params);
	record_put_eof(records, RECORD_PARAMS, REQUEST_ID);
	if (!has_body)
		record_put_eof(records, RECORD_STDIN, REQUEST_ID);
	if (!offer(library))
		return false;
	library->fcgx.ipcFd = library->fd;
	/* Otherwise FCGX_Accept_r() closes the descriptor first. */
	library->fcgx.keepConnection = 1;
	return FCGX_Accept_r(&library->fcgx) == 0;
}

static bool
read_piece(struct fcgi_library *library, char *at, size_t len)
{
	buf_clear(&library->records);
	record_put(&library->records, RECORD_STDIN, REQUEST_ID,
		(struct span){ at, len });
	return offer(library) &&
		FCGX_GetStr(at, (int)len, library->fcgx.in) == (int)len;
}

static bool
read_body(struct fcgi_library *library, struct buf *body)
{
	size_t len;
	char byte;

	for (size_t at = 0; at < body->len; at += len) {
		len = MIN(body->len - at, BODY_PIECE);
		if (!read_piece(library, body->data + at, len))
			return false;
	}
	buf_clear(&library->records);
	record_put_eof(&library->records, RECORD_STDIN, REQUEST_ID);
	return offer(library) && FCGX_GetStr(&byte, 1, library->fcgx.in) == 0;
}

enum err
fcgi_library_read(struct fcgi_library *library, struct span params,
	struct buf *body, char ***envp)
{
	bool has_body = body->len > 0;

	forget_last(library);
	if (!read_head(library, params, has_body) ||
		(has_body && !read_body(library, body))) {
		log_error("fcgi_failed", "params=%zu body=%zu errno=%d",
			params.len, body->len, errno);
		return ERR_INTERNAL;
	}
	*envp = library->fcgx.envp;
	return OK;
}
