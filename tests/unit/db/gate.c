#include "gate.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un
address_of(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	return address;
}

static int
new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		abort();
	return fd;
}

static void
listen_again(struct gate *gate)
{
	struct sockaddr_un address = address_of(gate->path);

	if (gate->listener >= 0)
		return;
	unlink(gate->path);
	gate->listener = new_socket();
	if (bind(gate->listener, (struct sockaddr *)&address,
		    sizeof(address)) != 0 ||
		listen(gate->listener, 64) != 0)
		abort();
}

static void
drop(struct gate *gate, int pair[2])
{
	close(pair[0]);
	close(pair[1]);
	pair[0] = pair[1] = -1;
	gate->open--;
}

static void
go_away(struct gate *gate)
{
	if (gate->listener >= 0) {
		unlink(gate->path);
		close(gate->listener);
	}
	gate->listener = -1;
	for (int i = 0; i < GATE_PAIRS; i++)
		if (gate->pairs[i][0] >= 0)
			drop(gate, gate->pairs[i]);
}

static void
take_in(struct gate *gate)
{
	struct sockaddr_un address = address_of(gate->server);
	int client = accept(gate->listener, NULL, NULL), server;

	for (int i = 0; client >= 0 && i < GATE_PAIRS; i++) {
		if (gate->pairs[i][0] >= 0)
			continue;
		server = new_socket();
		if (connect(server, (struct sockaddr *)&address,
			    sizeof(address)) != 0)
			abort();
		gate->pairs[i][0] = client;
		gate->pairs[i][1] = server;
		gate->open++;
		return;
	}
	abort();
}

static void
change(const struct gate *gate, char *bytes, size_t n)
{
	const char *said = gate->said;
	char *at = said != NULL ? memmem(bytes, n, said, strlen(said)) : NULL;

	if (at != NULL)
		memcpy(at, gate->heard, strlen(said));
}

static void
pass_on(struct gate *gate, int pair[2], int from)
{
	char bytes[65536];
	ssize_t n = recv(pair[from], bytes, sizeof(bytes), 0);

	if (n > 0 && from == 0)
		change(gate, bytes, (size_t)n);
	if (n <= 0 || send(pair[1 - from], bytes, (size_t)n, MSG_NOSIGNAL) != n)
		drop(gate, pair);
}

static void
serve(struct gate *gate)
{
	struct pollfd fds[1 + 2 * GATE_PAIRS];

	fds[0] = (struct pollfd){ gate->listener, POLLIN, 0 };
	for (int i = 0; i < 2 * GATE_PAIRS; i++)
		fds[1 + i] =
			(struct pollfd){ gate->pairs[i / 2][i % 2], POLLIN, 0 };
	if (poll(fds, 1 + 2 * GATE_PAIRS, 5) <= 0)
		return;
	for (int i = 0; i < 2 * GATE_PAIRS; i++)
		if (fds[1 + i].revents != 0 && gate->pairs[i / 2][0] >= 0)
			pass_on(gate, gate->pairs[i / 2], i % 2);
	if (fds[0].revents != 0)
		take_in(gate);
}

static void *
run(void *arg)
{
	struct gate *gate = arg;

	for (;;) {
		switch (gate->mode) {
		case GATE_OPEN:
			listen_again(gate);
			serve(gate);
			break;
		case GATE_STILL:
			usleep(5000);
			break;
		case GATE_GONE:
			go_away(gate);
			usleep(5000);
			break;
		default:
			go_away(gate);
			return NULL;
		}
	}
}

void
gate_open(struct gate *gate, const char *dir, const char *name,
	const char *server)
{
	memset(gate, 0, sizeof(*gate));
	snprintf(gate->path, sizeof(gate->path), "%s/%s", dir, name);
	gate->server = server;
	memset(gate->pairs, 0xff, sizeof(gate->pairs));
	gate->listener = -1;
	listen_again(gate);
	if (pthread_create(&gate->thread, NULL, run, gate) != 0)
		abort();
}

void
gate_set(struct gate *gate, enum gate_mode mode)
{
	gate->mode = mode;
	/* Give its thread time to notice. */
	usleep(30000);
}

void
gate_change(struct gate *gate, const char *said, const char *heard)
{
	if (strlen(said) != strlen(heard))
		abort();
	gate->heard = heard;
	gate->said = said;
}

void
gate_close(struct gate *gate)
{
	gate->mode = GATE_END;
	pthread_join(gate->thread, NULL);
}
