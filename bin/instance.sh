# The scripts beside this file source it: it says where this instance lives, and has the steps that the scripts share.
#
# An instance is a directory, VAR, with etc/ (generated), run/ (sockets and pids), log/ and db/ (the private database).
# Everything in it belongs to the user who started it, and nobody else may enter it.

set -eu
# The caller may have set these for other databases, or for cd; the instance ignores them.
unset CDPATH MYSQL_HOST MYSQL_PWD MYSQL_TCP_PORT MYSQL_UNIX_PORT MYSQL_HOME MARIADB_HOME MYSQL_GROUP_SUFFIX MARIADB_GROUP_SUFFIX
cd "$(dirname "$0")/.."
ROOT=$(pwd -P)
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
VARIANT=${VARIANT:-release}
PORT=${PORT:-8080}
LISTEN=${LISTEN:-127.0.0.1}
SERVER=${SERVER:-nginx}
# The private database is MariaDB or, for tests, MySQL (in a Debian that bin/debian has made).
DB=${DB:-mariadb}
BUILD=$ROOT/build/$VARIANT
PROGRAMS=$(ls "$BUILD"/cgi-bin 2>/dev/null | sed -n 's/\.fcgi$//p')
umask 077
mkdir -p "${VAR:=var}"
VAR=$(cd "$VAR" && pwd -P)
# Empty, or for example "/chat" if everything lives below a path: for the web server, the programs and the printed address.
BASE=/$(echo "${BASE_PATH:-}" | sed -E 's#^/+##; s#/+$##')
BASE=${BASE%/}
# URLs and the web servers' files write an IPv6 address in brackets.
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

# Sends a request to this machine, without a proxy from the environment and without the user's ~/.curlrc.
ask() {
	curl -q --noproxy '*' --globoff "$@"
}

# wait_for SECONDS COMMAND... runs the command until it succeeds.
wait_for() {
	tries=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

# ---- services: each has a directory below etc/sv, and runsv keeps it running

# script FILE makes a shell script from standard input. The file appears complete or not at all.
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

# service NAME COMMAND: its run script writes the pid of the program itself, so run/NAME.pid is right after every restart. The
# program leads a process group. If it is killed, whatever it leaves behind is killed before it starts again: nginx leaves its
# workers, which hold the port.
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

# If root starts the instance, a program keeps only one of root's privileges: to read all files, because the checkout may be
# in somebody's home. It cannot regain the others.
powerless() {
	[ "$(id -u)" -ne 0 ] || echo "setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+dac_read_search"
}

# worker NAME PROGRAM: a service that passes its socket on as soon as it stops accepting (bin/worker).
worker() {
	mkdir -p "$VAR/etc/sv/$1"
	script "$VAR/etc/sv/$1/run" <<-SH
		exec >>'$VAR/log/$1.log' 2>&1
		$(sanitizer_options "$1")
		exec $(powerless) '$ROOT/bin/worker' '$2' '$VAR/run/$1'
	SH
}

# setsid: a Ctrl-C in the terminal is meant for this script, not for the services.
start_service() {
	setsid runsv "$VAR/etc/sv/$1" </dev/null >>"$VAR/log/$1.log" 2>&1 &
}

# runsv has the listening socket as its standard input and passes it to every program that it starts, so replacing a worker
# loses no connection.
start_worker() {
	setsid spawn-fcgi -n -s "$VAR/run/$1.sock" -M 0660 -b 4096 -- "$(command -v runsv)" "$VAR/etc/sv/$1" \
		</dev/null >>"$VAR/log/$1.log" 2>&1 &
}

is_running() {
	[ -p "$VAR/etc/sv/$1/supervise/ok" ] && sv check "$VAR/etc/sv/$1" >/dev/null 2>&1
}

# runsv ends with its service. If the service does not stop in time, it is killed.
stop_service() {
	! is_running "$1" || sv -w "$2" force-shutdown "$VAR/etc/sv/$1" >/dev/null || true
	rm -f "$VAR/run/$1.pid" "$VAR/run/$1.sock"
}

# The workers that were started here, whether or not they are running.
known_workers() {
	for dir in "$VAR"/etc/sv/*/; do
		name=$(basename "$dir")
		case $name in nginx | apache | fcgid | demo-llm | mysql | '*') ;; *) echo "$name" ;; esac
	done
}

# is_draining PID NAME: whether that process is still the program of that name. It compares process names, because no other
# user may see which file the process runs.
is_draining() {
	[ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$2.fcgi" ]
}

all_drained() {
	while read -r pid; do
		! is_draining "$pid" "$1" || return 1
	done <"$VAR/run/$1.draining"
}

# tell_draining NAME SIGNAL sends the signal to the workers of that name that are still draining.
tell_draining() {
	while read -r pid; do
		! is_draining "$pid" "$1" || kill -s "$2" "$pid"
	done <"$VAR/run/$1.draining"
}

# stop_worker NAME SECONDS: replies that do not finish in time are stopped as they are and stored; if that fails, the worker
# is killed.
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

# Ten thousand live replies keep some 300 MB of pages busy; with the default of both servers, 128 MB, some replies are late.
# The server takes the memory only when it uses it.
pool_mb() {
	awk '/^MemTotal:/ { mb = int($2 / 1024 / 8) } END { print (mb < 128 ? 128 : mb > 512 ? 512 : mb) }' /proc/meminfo
}

# database_config DIR SOCKET PIDFILE. Tests use DB_CONFIG to add lines; \n in it separates them.
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
	# Both servers insist on this line if root starts them.
	[ "$(id -u)" -ne 0 ] || echo "user = root"
	printf '%b\n' "${DB_CONFIG:-}"
}

# database_command prints the command that runs the server, for a shell to evaluate.
database_command() {
	if [ "$DB" = mysql ]; then
		echo "'$ROOT/bin/in-debian' '$ROOT/build/debian/sid' '$VAR' mysqld"
	else
		echo mariadbd
	fi
}

# mysql_create DIR CONFIG LOG makes a data directory for MySQL.
mysql_create() {
	mkdir "$1.new"
	sed "s#= $1\$#= $1.new#" "$2" >"$2.new"
	eval "$(database_command)" "--defaults-file='$2.new'" --initialize-insecure >"$3" 2>&1
}

# The script that fills the directory accepts no blanks in its path, so it gets a path without any.
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

# A data directory appears complete or not at all.
database_create() {
	rm -rf "$1.new"
	"${DB}_create" "$@" || fail "the database could not be made: see $3"
	mv "$1.new" "$1"
}

# database_account SOCKET RIGHTS. The account has no password, because the socket is in a directory that no other user may
# enter.
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
