# shellcheck shell=sh
# The tests of installations source this file: a Debian in a folder, booted in a container whose only network is a loopback.
#
# What lasts is below build/install: a Debian of each suite, with servers but nothing of ours. A test works on an overlay of
# it, which disappears afterwards. Needs root, debootstrap and systemd-nspawn.

set -eu
cd "$(dirname "$0")/../.."
ROOT=$(pwd -P)
MADE=$ROOT/build/install
WALK=$(basename "$0")
SUITE=${SUITE:-bookworm}
DATABASE=mariadb
WITH=$SUITE # the Debian to make, with its servers
# MySQL's own server is in unstable only. The package needs libmariadb3, which cannot be installed beside it there.
case $SUITE:$WALK in
sid:package) WITH=sid.mariadb ;;
sid:*) DATABASE=mysql ;;
esac
SERVERS="$DATABASE-server nginx apache2 libapache2-mod-fcgid curl procps ca-certificates tzdata"
root= leader= container= long=
SAID=$MADE/$WALK.$SUITE.said # what an installation has printed
mkdir -p "$MADE"

say() {
	echo "$WALK ($SUITE): $*"
}

fail() {
	echo "$WALK ($SUITE): $*" >&2
	exit 1
}

leave() {
	status=$?
	trap '' INT TERM HUP
	if [ -n "$container" ]; then
		[ -z "$leader" ] || kill -s RTMIN+4 "$leader" 2>/dev/null || true # power off
		tries=100
		while kill -0 "$container" 2>/dev/null && [ $tries -gt 0 ]; do
			sleep 0.2
			tries=$((tries - 1))
		done
		kill "$container" 2>/dev/null || true
		for group in $(groups_of_ours); do
			find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
		done
	fi
	[ -z "$long" ] || kill "$long" 2>/dev/null || true
	[ -z "$root" ] || { umount "$root" && umount "$layer" && rmdir "$layer"; } || true
	exit $status
}
trap leave EXIT
trap 'exit 1' HUP INT TERM

# settle FOLDER: nothing here has to survive a power cut. A mirror may lag behind, and its lists of unstable are valid for a
# week only, so apt ignores their age.
settle() {
	echo force-unsafe-io >"$1/etc/dpkg/dpkg.cfg.d/walk"
	echo 'Acquire::Check-Valid-Until "false";' >"$1/etc/apt/apt.conf.d/walk"
}

# servers FOLDER installs the servers there and starts none, neither now nor at a boot.
servers() {
	printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
	chmod 755 "$1/usr/sbin/policy-rc.d"
	settle "$1"
	in_folder "$1" "apt-get -q update
		apt-get -q install -y --no-install-recommends $SERVERS
		apt-get clean
		systemctl disable nginx apache2 $DATABASE" >"$MADE/$WITH.log" 2>&1 || fail "see $MADE/$WITH.log"
	rm "$1/usr/sbin/policy-rc.d"
}

# debian makes the Debian of SUITE if it does not exist.
debian() {
	[ ! -e "$MADE/$WITH/servers" ] || return 0
	bin/debian "$SUITE" "$MADE/$WITH" systemd,systemd-sysv,dbus
	servers "$MADE/$WITH"
	touch "$MADE/$WITH/servers"
}

# in_folder FOLDER COMMAND runs it in that Debian, which is not booted, with this machine's network.
in_folder() {
	unshare --mount --pid --fork --kill-child sh -eu -c '
		mount --make-rprivate /
		mount -t proc proc "$1/proc"
		mount -t tmpfs tmpfs "$1/run"
		mount --bind /etc/resolv.conf "$1/etc/resolv.conf" 2>/dev/null || cp /etc/resolv.conf "$1/etc/resolv.conf"
		exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive sh -euc "$2"' in-folder "$1" "$2"
}

# overlay_on FOLDER puts an empty layer in memory over it, as $root.
overlay_on() {
	layer=$(mktemp -d "$MADE/$SUITE.walk.XXXXXX")
	mount -t tmpfs -o size=4g tmpfs "$layer"
	mkdir "$layer/upper" "$layer/work" "$layer/root"
	mount -t overlay overlay -o "lowerdir=$1,upperdir=$layer/upper,workdir=$layer/work" "$layer/root"
	root=$layer/root
}

# overlay puts a layer over the Debian of SUITE. BASE names another folder: / is this machine's own Debian, for a quick look.
overlay() {
	[ -n "${BASE:-}" ] || debian
	overlay_on "${BASE:-$MADE/$WITH}"
	[ -z "${BASE:-}" ] || servers "$root"
}

# The container uses version 2 of control groups, even if this machine uses both: systemd 258 and newer start with no other.
! grep -q cgroup2 /proc/mounts || export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1

# groups_of_ours prints the control groups in which those of the container are made. Two containers in the same group would
# mistake each other's processes for their own.
groups_of_ours() {
	for kind in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
		[ ! -e "$kind/cgroup.procs" ] || echo "$kind/lamplight-$$"
	done
}

# boot starts the container, and returns when everything in it runs.
boot() {
	# shellcheck disable=SC2016 # the inner shell's own
	sh -euc 'for group in $1; do mkdir "$group" && echo $$ >"$group/cgroup.procs"; done; shift; exec "$@"' group "$(groups_of_ours)" \
		systemd-nspawn --quiet --boot --directory="$root" --register=no --keep-unit --private-network --link-journal=no \
		--machine="lamplight-$$" --console=pipe --kill-signal=SIGRTMIN+4 ${BASE:+systemd.unit=basic.target} </dev/null >"$MADE/$WALK.$SUITE.boot" 2>&1 &
	container=$!
	tries=300
	while [ $tries -gt 0 ]; do
		leader=$(pgrep -P "$container" -x systemd | head -n 1) || true
		if [ -n "$leader" ]; then
			case $(inside systemctl is-system-running 2>/dev/null || true) in running | degraded) return 0 ;; esac
			[ -z "${BASE:-}" ] || ! inside systemctl is-active -q basic.target || return 0
		fi
		kill -0 "$container" 2>/dev/null || fail "the container does not start: see $MADE/$WALK.$SUITE.boot"
		sleep 0.2
		tries=$((tries - 1))
	done
	fail "the container does not come up: see $MADE/$WALK.$SUITE.boot"
}

# inside COMMAND... runs it in the container.
inside() {
	nsenter --target "$leader" --all --wdns=/ env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# outside COMMAND... runs it on this machine in the container's network, like another computer.
outside() {
	nsenter --target "$leader" --net "$@"
}

# wait_for SECONDS COMMAND... runs the command until it succeeds.
wait_for() {
	tries=$(($1 * 5))
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.2
	done
}

demo_model() {
	inside systemd-run --quiet --unit=demo-llm "$1" 11435
	wait_for 20 inside curl -fs http://127.0.0.1:11435/v1/models || fail "the demo model does not start"
}

# chat [WORDS] chats with the SDK's three lines, or asks for a long reply.
chat() {
	outside env LAMPLIGHT_URL="$URL" node tests/install/chat.mjs "$@"
}

sum() {
	sha256sum "$1" | cut -d' ' -f1
}

# as_said WORD prints the commands after this word in what an installation has printed.
as_said() {
	sed -n "s/^$1: //p" "$SAID" | sed 's/^its default site answers before this one: //; s/   (.*//' >"$SAID.next"
	[ -s "$SAID.next" ] || fail "not a word of $1: $(cat "$SAID")"
	while read -r command; do
		inside sh -euc "$command" </dev/null >"$SAID.log" 2>&1 ||
			fail "$command: $(cat "$SAID.log"; inside journalctl -q -n 20 -o cat)"
	done <"$SAID.next"
}

is_ready() {
	wait_for 20 outside curl -fsS "$URL/api/health/ready" || fail "it is not ready: $(inside journalctl -q -n 20 -u 'lamplight@*')"
}

main_pid() {
	inside systemctl show -p MainPID --value lamplight@chat.service
}

# reload_refuses SETTING WORDS: `lamplight reload` with this setting fails with these words, and what runs goes on.
reload_refuses() {
	old=$(main_pid)
	inside cp -a /etc/lamplight/lamplight.conf /etc/lamplight/lamplight.conf.was
	inside sh -c "cat >>/etc/lamplight/lamplight.conf" <<-CONF

		[${1%%.*}]
		${1#*.}
	CONF
	! inside lamplight reload >"$SAID.reload" 2>&1 || fail "lamplight reload takes $1: $(cat "$SAID.reload")"
	grep -q "$2" "$SAID.reload" || fail "lamplight reload does not say \"$2\": $(cat "$SAID.reload")"
	[ "$(main_pid)" = "$old" ] || fail "lamplight reload replaces programs by some that cannot work with $1"
	for time in 1 2 3; do
		outside curl -fsS "$URL/api/health/ready" >/dev/null || fail "after a refused reload it is not ready, at look $time"
	done
	inside mv /etc/lamplight/lamplight.conf.was /etc/lamplight/lamplight.conf
}

# reload_looks_first: the reload finds what root can read and the programs cannot, before it replaces anything; what has
# failed for that reason works after the next reload.
reload_looks_first() {
	inside sh -c 'echo some-key >/etc/lamplight/roots-key && chmod 600 /etc/lamplight/roots-key && mkdir -p /home/keys && chmod 755 /home/keys &&
		cp -a /var/lib/lamplight/secret /home/keys/secret'
	outside curl -fsS "$URL/api/config" >/dev/null # starts the program
	reload_refuses "llm.api_key_file = /etc/lamplight/roots-key" roots-key
	reload_refuses "auth.secret_file = /home/keys/secret" /home/keys/secret
	inside cp -a /etc/lamplight/lamplight.conf /etc/lamplight/lamplight.conf.was
	inside sh -c "printf '[llm]\napi_key_file = /etc/lamplight/roots-key\n' >>/etc/lamplight/lamplight.conf"
	inside systemctl restart 'lamplight@*.service' >/dev/null 2>&1 || true
	wait_for 20 inside systemctl is-failed -q lamplight@chat.service || fail "it runs with a key that it cannot read"
	! inside lamplight reload >"$SAID.reload" 2>&1 || fail "lamplight reload takes a key that no program can read"
	inside mv /etc/lamplight/lamplight.conf.was /etc/lamplight/lamplight.conf
	inside lamplight reload >"$SAID.reload" 2>&1 || fail "the mistake is corrected, and lamplight reload: $(cat "$SAID.reload")"
	outside curl -fsS "$URL/api/health/ready" >/dev/null || fail "after a reload that said nothing it is not ready"
	inside rm -r /etc/lamplight/roots-key /home/keys
	say "lamplight reload looks as the programs do, and brings back what has failed"
}

# begin_replies starts long replies and people who read and ask, until end_replies. The programs are replaced in between.
begin_replies() {
	old=$(main_pid)
	first=$MADE/$WALK.$$.first
	rm -f "$first"
	chat long "$first" >"$first.said" 2>&1 &
	long=$!
	wait_for 30 test -e "$first" || fail "the long replies do not begin: $(cat "$first.said")"
}

end_replies() {
	kill -0 "$long" 2>/dev/null || fail "the replies were over before the upgrade was: $(cat "$first.said")"
	wait "$long" || fail "the upgrade was noticed: $(cat "$first.said")"
	long=
	say "upgraded under $(cat "$first.said")"
	rm -f "$first" "$first.said"
	[ "$(main_pid)" != "$old" ] || fail "the programs of before the upgrade still run"
}
