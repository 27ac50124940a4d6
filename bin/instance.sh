# Sourced by the scripts beside it: where this instance lives, and the steps they share.
#
# An instance is a directory, VAR: etc/ (generated), run/ (sockets and pids), log/, db/ (the private database).
# Everything in it belongs to the user who started it, and only that user may enter it.

set -eu
# What somebody's own environment means for other databases, and for cd, is not meant for this instance.
unset CDPATH MYSQL_HOST MYSQL_PWD MYSQL_TCP_PORT MYSQL_UNIX_PORT MYSQL_HOME MARIADB_HOME MYSQL_GROUP_SUFFIX MARIADB_GROUP_SUFFIX
cd "$(dirname "$0")/.."
ROOT=$(pwd -P)
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
VARIANT=${VARIANT:-release}
PORT=${PORT:-8080}
LISTEN=${LISTEN:-127.0.0.1}
SERVER=${SERVER:-nginx}
# The private database: mariadb, or, for tests, mysql (of the Debian that tests/mysql has made).
DB=${DB:-mariadb}
BUILD=$ROOT/build/$VARIANT
PROGRAMS=$(ls "$BUILD"/cgi-bin 2>/dev/null | sed -n 's/\.fcgi$//p')
umask 077
mkdir -p "${VAR:=var}"
VAR=$(cd "$VAR" && pwd -P)
# "", or "/chat" when all of it lives below a path: the web server, the programs and the address that is told.
BASE=/$(echo "${BASE_PATH:-}" | sed -E 's#^/+##; s#/+$##')
BASE=${BASE%/}
# As an address is written in a URL and in the web servers' files: an IPv6 address in brackets.
case $LISTEN in
\[*) ;;
*:*) LISTEN=[$LISTEN] ;;
esac
URL=http://$(echo "$LISTEN" | sed 's/^0\.0\.0\.0$/127.0.0.1/; s/^\[::\]$/[::1]/'):$PORT$BASE

say() {
	echo "lamplight: $*"
}

fail() {
	echo "lamplight: $*" >&2
	exit 1
}

# Asks this machine only: without a proxy that the environment names, and without somebody's ~/.curlrc.
ask() {
	curl -q --noproxy '*' --globoff "$@"
}

# wait_for SECONDS COMMAND...
wait_for() {
	tries=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

# ---- services: a directory each below etc/sv, kept running by runsv

# script FILE: makes it from standard input, whole or not at all.
script() {
	{
		echo '#!/bin/sh'
		cat
	} >"$1.new"
	chmod 700 "$1.new"
	mv "$1.new" "$1"
}

sanitizer_options() {
	reports=${SANITIZER_REPORTS:-$VAR/log}/$1
	echo "export ASAN_OPTIONS='log_path=$reports.asan' TSAN_OPTIONS='log_path=$reports.tsan'"
	echo "export LSAN_OPTIONS=print_suppressions=0"
	echo "export UBSAN_OPTIONS='log_path=$reports.ubsan:print_stacktrace=1'"
}

# service NAME COMMAND: its run script writes the program's own pid, so that run/NAME.pid is right after every restart.
# The program leads a process group; what it leaves behind when it is killed (nginx: its workers, and with them the
# port) goes before it starts again.
service() {
	mkdir -p "$VAR/etc/sv/$1"
	script "$VAR/etc/sv/$1/run" <<-SH
		exec >>'$VAR/log/$1.log' 2>&1
		echo \$\$ >'$VAR/run/$1.pid'
		$(sanitizer_options "$1")
		exec chpst -P $2
	SH
	script "$VAR/etc/sv/$1/finish" <<-SH
		kill -s KILL -- "-\$(cat '$VAR/run/$1.pid')" 2>/dev/null || true
	SH
}

# Started by root, a program keeps nothing of root's power but to read what root may read: the checkout may lie in somebody's
# home. It gets none back, either.
powerless() {
	[ "$(id -u)" -ne 0 ] || echo "setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+dac_read_search"
}

# worker NAME PROGRAM: a service that hands its socket on as soon as it stops accepting (bin/worker).
worker() {
	mkdir -p "$VAR/etc/sv/$1"
	script "$VAR/etc/sv/$1/run" <<-SH
		exec >>'$VAR/log/$1.log' 2>&1
		$(sanitizer_options "$1")
		exec $(powerless) '$ROOT/bin/worker' '$2' '$VAR/run/$1'
	SH
}

# setsid: a Ctrl-C in the terminal is for us, not for the services.
start_service() {
	setsid runsv "$VAR/etc/sv/$1" </dev/null >>"$VAR/log/$1.log" 2>&1 &
}

# The listening socket is runsv's standard input, and that of every program that it starts again: no connection is lost while
# a worker is replaced.
start_worker() {
	setsid spawn-fcgi -n -s "$VAR/run/$1.sock" -M 0660 -b 4096 -- "$(command -v runsv)" "$VAR/etc/sv/$1" \
		</dev/null >>"$VAR/log/$1.log" 2>&1 &
}

is_running() {
	[ -p "$VAR/etc/sv/$1/supervise/ok" ] && sv check "$VAR/etc/sv/$1" >/dev/null 2>&1
}

# Its runsv ends with it. What does not stop within the time is killed.
stop_service() {
	! is_running "$1" || sv -w "$2" force-shutdown "$VAR/etc/sv/$1" >/dev/null || true
	rm -f "$VAR/run/$1.pid" "$VAR/run/$1.sock"
}

# Those that were started here, running or not.
known_workers() {
	for dir in "$VAR"/etc/sv/*/; do
		name=$(basename "$dir")
		case $name in nginx | apache | fcgid | demo-llm | mysql | '*') ;; *) echo "$name" ;; esac
	done
}

# is_draining PID NAME: whether that process is still the program of that name.
# By the name of the process: which file it runs is for nobody else to see.
is_draining() {
	[ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$2.fcgi" ]
}

all_drained() {
	while read -r pid; do
		! is_draining "$pid" "$1" || return 1
	done <"$VAR/run/$1.draining"
}

# tell_draining NAME SIGNAL
tell_draining() {
	while read -r pid; do
		! is_draining "$pid" "$1" || kill -s "$2" "$pid"
	done <"$VAR/run/$1.draining"
}

# stop_worker NAME SECONDS: what does not finish within the time is stopped as it is, and stored; if that fails, killed.
stop_worker() {
	stop_service "$1" "$2"
	if [ -e "$VAR/run/$1.draining" ]; then
		all_drained "$1" || say "waiting for running replies"
		wait_for "$2" all_drained "$1" || tell_draining "$1" TERM
		wait_for 15 all_drained "$1" || tell_draining "$1" KILL
	fi
	rm -f "$VAR/run/$1.draining"
}

# ---- the private database

# Ten thousand live replies keep some 300 MB of pages busy; with the 128 MB that both servers come with some replies are late then.
# Memory is taken as it is used.
pool_mb() {
	awk '/^MemTotal:/ { mb = int($2 / 1024 / 8) } END { print (mb < 128 ? 128 : mb > 512 ? 512 : mb) }' /proc/meminfo
}

# database_config DIR SOCKET PIDFILE. DB_CONFIG is for tests: more lines, in which \n stands for a new one.
database_config() {
	cat <<-CNF
		[mysqld]
		datadir = $1
		tmpdir = $1
		socket = $2
		pid-file = $3
		skip-networking
		character-set-server = utf8mb4
		innodb_flush_log_at_trx_commit = 1
		innodb_buffer_pool_size = $(pool_mb)M
		key_buffer_size = 1M
		max_connections = 200
		max_allowed_packet = 64M
		net_buffer_length = 128K
		$([ "$DB" = mysql ] && printf 'mysqlx = OFF\nskip-log-bin\nsecure-file-priv = NULL' || echo aria_pagecache_buffer_size = 1M)
	CNF
	# Both servers ask for this word when they are started by root.
	[ "$(id -u)" -ne 0 ] || echo "user = root"
	printf '%b\n' "${DB_CONFIG:-}"
}

# database_command: the server, for a shell that evaluates it.
database_command() {
	if [ "$DB" = mysql ]; then
		echo "'$ROOT/bin/in-debian' '$ROOT/build/debian/sid' '$VAR' mysqld"
	else
		echo mariadbd
	fi
}

# mysql_create DIR CONFIG LOG
mysql_create() {
	mkdir "$1.new"
	sed "s#= $1\$#= $1.new#" "$2" >"$2.new"
	eval "$(database_command)" "--defaults-file='$2.new'" --initialize-insecure >"$3" 2>&1
}

# The script that fills it takes no blanks in a path: it gets another name.
mariadb_create() {
	plain=$(TMPDIR=/tmp mktemp -d)
	ln -s "$(dirname "$1")" "$plain/in"
	new=$plain/in/$(basename "$1").new
	sed "s#= $1\$#= $new#" "$2" >"$plain/my.cnf"
	made=1
	mariadb-install-db --defaults-file="$plain/my.cnf" --auth-root-authentication-method=normal --skip-test-db \
		--skip-name-resolve --force >"$3" 2>&1 || made=
	rm -rf "$plain"
	[ -n "$made" ]
}

# A data directory appears whole or not at all.
database_create() {
	rm -rf "$1.new"
	"${DB}_create" "$@" || fail "the database could not be made: see $3"
	mv "$1.new" "$1"
}

# database_account SOCKET RIGHTS. It has no password: the socket lies in a directory that nobody else may enter.
database_account() {
	mariadb --no-defaults --socket="$1" --user=root <<-SQL
		CREATE DATABASE IF NOT EXISTS lamplight CHARACTER SET utf8mb4;
		CREATE USER IF NOT EXISTS lamplight@localhost;
		REVOKE ALL PRIVILEGES, GRANT OPTION FROM lamplight@localhost;
		GRANT $2 ON lamplight.* TO lamplight@localhost;
	SQL
}

database_answers() {
	mariadb --no-defaults --socket="$1" --user=root --execute='SELECT 1'
}
