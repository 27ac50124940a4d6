#include "measure.h"

#include "base/attr.h"
#include "base/mem.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define GROUPS_MAX 8
#define ROOTS_MAX 8
#define PROCESSES_MAX 4096

struct usage {
	double cpu_s;
	long private_kb; /* code that is mapped from files is not in it */
};

struct group {
	char name[32];
	int roots[ROOTS_MAX], n_roots;
	struct usage idle, mark, start, stop;
};

struct meter {
	struct group groups[GROUPS_MAX];
	int n_groups;
};

struct process {
	int pid, parent;
};

static struct {
	struct process list[PROCESSES_MAX];
	int n;
} seen;

/* The time of all its threads, also of those that have ended; /proc counts in
 * hundredths of a second, which ten streams need in seconds. 0 if it is gone. */
static double
cpu_of(int pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
		clock_gettime(clock, &used) != 0)
		return 0;
	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static bool
read_process(const char *pid, struct process *out)
{
	char path[300], text[1024], *at;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	if ((file = fopen(path, "r")) == NULL)
		return false;
	at = fgets(text, sizeof(text), file);
	fclose(file);
	if (at == NULL || (at = strrchr(text, ')')) == NULL ||
		sscanf(at + 2, "%*c %d", &out->parent) != 1)
		return false;
	out->pid = atoi(pid);
	return true;
}

static void
look(void)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	must(proc != NULL, "/proc");
	seen.n = 0;
	while ((entry = readdir(proc)) != NULL && seen.n < PROCESSES_MAX)
		if (atoi(entry->d_name) > 0 &&
			read_process(entry->d_name, &seen.list[seen.n]))
			seen.n++;
	closedir(proc);
}

static long
private_kb(int pid)
{
	char path[64], text[256];
	long kb = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if ((file = fopen(path, "r")) == NULL)
		return 0;
	while (fgets(text, sizeof(text), file) != NULL)
		sscanf(text, "RssAnon: %ld", &kb);
	fclose(file);
	return kb;
}

static void
add_tree(int root, struct usage *sum)
{
	for (int i = 0; i < seen.n; i++) {
		if (seen.list[i].pid == root) {
			sum->cpu_s += cpu_of(root);
			sum->private_kb += private_kb(root);
		} else if (seen.list[i].parent == root) {
			add_tree(seen.list[i].pid, sum);
		}
	}
}

static struct usage
usage_of(const struct group *group)
{
	struct usage sum = { 0 };

	for (int i = 0; i < group->n_roots; i++)
		add_tree(group->roots[i], &sum);
	return sum;
}

static void
read_group(struct group *group, char *text)
{
	char *rest = strchr(text, '='), *root;

	must(rest != NULL && (size_t)(rest - text) < sizeof(group->name),
		"a group is NAME=PID+PID");
	*rest++ = '\0';
	strcpy(group->name, text);
	while ((root = strsep(&rest, "+")) != NULL) {
		must(group->n_roots < ROOTS_MAX, "too many processes");
		group->roots[group->n_roots++] =
			strcmp(root, "self") == 0 ? getpid() : atoi(root);
	}
}

/* Reads all groups at once, each into its usage at *offset*. */
static void
read_all(struct meter *meter, size_t offset)
{
	look();
	for (int i = 0; i < meter->n_groups; i++) {
		struct usage usage = usage_of(&meter->groups[i]);

		memcpy((char *)&meter->groups[i] + offset, &usage,
			sizeof(usage));
	}
}

struct meter *
meter_new(const char *groups)
{
	struct meter *meter = mem_zalloc(sizeof(*meter));
	char *copy = mem_str(groups), *rest = copy, *text;

	while ((text = strsep(&rest, " ")) != NULL) {
		if (*text == '\0')
			continue;
		must(meter->n_groups < GROUPS_MAX, "too many groups");
		read_group(&meter->groups[meter->n_groups++], text);
	}
	free(copy);
	read_all(meter, offsetof(struct group, idle));
	return meter;
}

void
meter_mark(struct meter *meter)
{
	read_all(meter, offsetof(struct group, mark));
}

void
meter_start(struct meter *meter)
{
	read_all(meter, offsetof(struct group, start));
}

void
meter_stop(struct meter *meter)
{
	read_all(meter, offsetof(struct group, stop));
}

static void
print_memory(const struct meter *meter, const char *name, size_t offset)
{
	struct usage usage;

	printf(",\"%s\":{", name);
	for (int i = 0; i < meter->n_groups; i++) {
		memcpy(&usage, (const char *)&meter->groups[i] + offset,
			sizeof(usage));
		printf("%s\"%s\":%ld", i > 0 ? "," : "", meter->groups[i].name,
			usage.private_kb);
	}
	printf("}");
}

void
meter_print(const struct meter *meter)
{
	const struct group *group = meter->groups;

	printf("\"cpu\":{");
	for (int i = 0; i < meter->n_groups; i++)
		printf("%s\"%s\":%.4f", i > 0 ? "," : "", group[i].name,
			group[i].stop.cpu_s - group[i].start.cpu_s);
	printf("}");
	print_memory(meter, "memory", offsetof(struct group, stop));
	print_memory(meter, "idle", offsetof(struct group, idle));
	print_memory(meter, "mark", offsetof(struct group, mark));
}
