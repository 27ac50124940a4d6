#include "lamplight/hidden.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

static const int ENDS[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

#define N_ENDS (sizeof(ENDS) / sizeof(ENDS[0]))

static struct termios shown;
static struct sigaction before[N_ENDS];

static void
on_end(int number)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &shown);
	raise(number); /* SA_RESETHAND: now it ends the program */
}

bool
hidden_begin(void)
{
	struct sigaction ends = { .sa_handler = on_end,
		.sa_flags = (int)SA_RESETHAND };
	struct termios quiet;

	if (tcgetattr(STDIN_FILENO, &shown) != 0)
		return false;
	for (size_t i = 0; i < N_ENDS; i++)
		sigaction(ENDS[i], &ends, &before[i]);
	quiet = shown;
	quiet.c_lflag &= (tcflag_t)~ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	return true;
}

void
hidden_end(void)
{
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	for (size_t i = 0; i < N_ENDS; i++)
		sigaction(ENDS[i], &before[i], NULL);
	fputc('\n', stderr);
}
