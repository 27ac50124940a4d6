#include "http/fcgi.h"

#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define LISTEN_FD 0
#define BODY_PIECE 65536
/* More than this of a refused body is not worth reading to its end. */
#define DRAIN_MAX (256L * 1024 * 1024)

/* FastCGI 1.0, section 8 */
#define FCGI_VERSION 1
#define FCGI_END 3
#define FCGI_OUT 6
#define RECORD_MAX 65535

struct fcgi_server {
	const struct http_conf *conf;
	struct fcgi_hooks hooks;
	int stop_fd;
	size_t n_threads;
	pthread_t threads[];
};

static void
put_header(
	struct buf *out, uint8_t type, const struct fcgi_peer *peer, size_t len)
{
	const char header[8] = { FCGI_VERSION, (char)type,
		(char)(peer->request_id >> 8), (char)peer->request_id,
		(char)(len >> 8), (char)len, 0, 0 };

	buf_append(out, header, sizeof(header));
}

void
fcgi_put(struct buf *out, const struct fcgi_peer *peer, struct span text)
{
	size_t len;

	for (; text.len > 0; text.data += len, text.len -= len) {
		len = MIN(text.len, (size_t)RECORD_MAX);
		put_header(out, FCGI_OUT, peer, len);
		buf_append(out, text.data, len);
	}
}

void
fcgi_put_end(struct buf *out, const struct fcgi_peer *peer)
{
	static const char complete[8] = {
		0
	}; /* exit code 0, FCGI_REQUEST_COMPLETE */

	put_header(out, FCGI_OUT, peer, 0);
	put_header(out, FCGI_END, peer, sizeof(complete));
	buf_append(out, complete, sizeof(complete));
}

static void
close_peer(struct fcgi_peer *peer)
{
	if (peer->fd >= 0)
		close(peer->fd);
	peer->fd = -1;
}

static void
send_all(int fd, struct span text)
{
	ssize_t n;

	while (text.len > 0) {
		n = send(fd, text.data, text.len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			log_info("peer_gone", "unsent=%zu", text.len);
			return;
		}
		text.data += n;
		text.len -= (size_t)n;
	}
}

void
fcgi_answer(struct request *rq, struct span text)
{
	struct buf out = BUF_INIT;

	fcgi_put(&out, rq->peer, text);
	fcgi_put_end(&out, rq->peer);
	send_all(rq->peer->fd, buf_span(&out));
	buf_free(&out);
	close_peer(rq->peer);
}

struct fcgi_peer
fcgi_peer_of(const struct request *rq)
{
	return *rq->peer;
}

void
fcgi_release(struct request *rq)
{
	rq->peer->fd = -1;
}

static char **
copy_params(struct arena *arena, char **envp)
{
	size_t n = 0;
	char **copy;

	while (envp[n] != NULL)
		n++;
	copy = arena_alloc(arena, (n + 1) * sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = arena_str(arena, envp[i], strlen(envp[i]));
	return copy;
}

/* Reads what is left, so that closing does not reset the answer. */
static void
drain(FCGX_Stream *in)
{
	char piece[8192];
	long left = DRAIN_MAX;
	int n;

	while (left > 0 && (n = FCGX_GetStr(piece, sizeof(piece), in)) > 0)
		left -= n;
}

/* The body into *body*. A peer that stops in the middle is cut by the
 * receive timeout; the library reports that as the end. */
static enum err
read_body(
	FCGX_Stream *in, const struct request *rq, size_t max, struct buf *body)
{
	const char *length = request_param(rq, "CONTENT_LENGTH");
	long long expected = -1;
	int n;

	if (length != NULL && length[0] != '\0')
		expected = strtoll(length, NULL, 10);

	if (expected > (long long)max) {
		drain(in);
		return ERR_TOO_BIG;
	}
	do {
		n = FCGX_GetStr(buf_reserve(body, BODY_PIECE), BODY_PIECE, in);
		body->len += (size_t)MAX(n, 0);
		if (body->len > max) {
			drain(in);
			return ERR_TOO_BIG;
		}
	} while (n == BODY_PIECE);
	return expected >= 0 && (size_t)expected != body->len ? ERR_INVALID
							      : OK;
}

static void
make_request_id(char out[REQUEST_ID_LEN])
{
	unsigned char random[8];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		abort();
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(out + i * 2, 3, "%02x", random[i]);
}

static void
free_body(void *arg)
{
	buf_free(arg);
}

/* The path is REQUEST_URI without query and base path: PATH_INFO and
 * SCRIPT_NAME differ between servers. */
static void
set_target(struct request *rq, const char *base_path)
{
	const char *uri = request_param(rq, "REQUEST_URI");
	const char *method = request_param(rq, "REQUEST_METHOD");
	size_t base_len = strlen(base_path), len;

	rq->method = method != NULL ? method : "";
	uri = uri != NULL ? uri : "/";
	if (strncmp(uri, base_path, base_len) == 0 && uri[base_len] == '/')
		uri += base_len;
	len = strcspn(uri, "?");
	rq->path = arena_str(rq->arena, uri, len);
	rq->query = uri[len] == '?' ? uri + len + 1 : "";
}

static void
serve(struct fcgi_server *server, void *thread, FCGX_Request *fcgx)
{
	struct arena arena = ARENA_INIT;
	struct buf body = BUF_INIT;
	struct fcgi_peer peer = { fcgx->ipcFd, (uint16_t)fcgx->requestId };
	struct request rq = { .arena = &arena, .peer = &peer };
	enum err err;

	arena_defer(&arena, free_body, &body);
	make_request_id(rq.id);
	log_request(rq.id);
	rq.envp = copy_params(&arena, fcgx->envp);
	set_target(&rq, server->conf->base_path);
	err = read_body(fcgx->in, &rq, (size_t)server->conf->body_max, &body);
	rq.body = buf_span(&body);
	/* From here on the connection is ours alone. */
	fcgx->ipcFd = -1;
	FCGX_Free(fcgx, 0);
	server->hooks.serve(&rq, err, thread, server->hooks.arg);
	close_peer(&peer);
	log_request("");
	arena_reset(&arena);
}

static void
set_timeouts(int fd, int64_t ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
}

/* The next connection, or -1 when the server stops. */
static int
accept_next(struct fcgi_server *server)
{
	struct pollfd fds[] = { { server->stop_fd, POLLIN, 0 },
		{ LISTEN_FD, POLLIN, 0 } };
	int fd;

	for (;;) {
		if (poll(fds, LENGTH(fds), -1) < 0 && errno != EINTR)
			abort();
		if (fds[0].revents != 0)
			return -1;
		fd = accept4(LISTEN_FD, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			return fd;
		if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
			continue;
		log_error("accept_failed", "errno=%d", errno);
		usleep(100000); /* out of descriptors: some will be closed */
	}
}

static void *
run_thread(void *arg)
{
	struct fcgi_server *server = arg;
	void *thread = server->hooks.thread_open(server->hooks.arg);
	FCGX_Request fcgx;
	int fd;

	/* The library must never accept by itself: it is given no socket. */
	FCGX_InitRequest(&fcgx, -1, 0);
	while ((fd = accept_next(server)) >= 0) {
		set_timeouts(fd, server->conf->read_timeout_ms);
		fcgx.ipcFd = fd;
		/* Keeps FCGX_Accept_r() from closing the descriptor first. */
		fcgx.keepConnection = 1;
		if (FCGX_Accept_r(&fcgx) >= 0)
			serve(server, thread, &fcgx);
		else
			log_info("peer_broken", "why=not_a_request");
	}
	server->hooks.thread_close(thread, server->hooks.arg);
	return NULL;
}

static bool
is_listening(int fd)
{
	int yes = 0;
	socklen_t len = sizeof(yes);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &len) == 0 &&
		yes;
}

enum err
fcgi_start(const struct http_conf *conf, const struct fcgi_hooks *hooks,
	struct fcgi_server **out)
{
	size_t n = (size_t)conf->threads;
	struct fcgi_server *server;

	if (!is_listening(LISTEN_FD)) {
		log_error("no_socket",
			"detail=\"standard input must be the listening socket: "
			"start this program with spawn-fcgi, systemd or "
			"mod_fcgid\"");
		return ERR_INVALID;
	}
	/* Several threads wake for one connection; the others must not block. */
	fcntl(LISTEN_FD, F_SETFL, fcntl(LISTEN_FD, F_GETFL) | O_NONBLOCK);
	FCGX_Init();
	server = mem_zalloc(sizeof(*server) + n * sizeof(pthread_t));
	server->conf = conf;
	server->hooks = *hooks;
	server->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (server->stop_fd < 0)
		abort();
	for (; server->n_threads < n; server->n_threads++)
		if (pthread_create(&server->threads[server->n_threads], NULL,
			    run_thread, server) != 0)
			abort();
	*out = server;
	return OK;
}

void
fcgi_stop(struct fcgi_server *server)
{
	if (eventfd_write(server->stop_fd, 1) != 0)
		abort();
	for (size_t i = 0; i < server->n_threads; i++)
		pthread_join(server->threads[i], NULL);
	close(server->stop_fd);
	free(server);
}
