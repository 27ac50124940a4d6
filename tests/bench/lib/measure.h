/*
 * measure.h: what the clients of a measurement have in common: times, a
 * distribution of latencies, and what the processes between have used.
 */

#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Ends the program with what failed and errno. */
void must(bool ok, const char *what);

int64_t now_us(void); /* monotonic */

struct sockaddr_in loopback(int port);
/* A connection to it that does not wait; only the connecting may. */
int dial(int port);

/* ---- latencies, in steps of 10 us up to 10 s */

struct latency;
struct latency *latency_new(void);
void latency_add(struct latency *latency, int64_t us);
uint64_t latency_count(const struct latency *latency);
/* "latency":{"p50":ms,"p90":..,"p99":..,"max":..} */
void latency_print(const struct latency *latency);

/* ---- processes, with their children */

/*
 * What is looked at: "workers=12+13 web=14 database=15 client=self", each a
 * name and the first process of a tree, or several. "" is nothing.
 */
struct meter;
struct meter *meter_new(const char *groups);
/* Memory at some moment before: what is needed once is there by then. */
void meter_mark(struct meter *meter);
/* The measured time begins, and ends. */
void meter_start(struct meter *meter);
void meter_stop(struct meter *meter);
/* "cpu":{NAME:seconds..},"memory":{NAME:KB..},"idle":{..},"mark":{..}: RssAnon
 * at the end, when the meter was made, and at meter_mark(). */
void meter_print(const struct meter *meter);

#endif
