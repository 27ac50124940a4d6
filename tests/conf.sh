#!/bin/sh
# conf/lamplight.conf documents every key of lib/base/conf.c with its default, and no other; the web servers'
# configurations send the policies that the pages are made for; docs/ names files that exist, and docs/ASVS.md counts its rows.
cd "$(dirname "$0")/.." || exit 1
{
	grep -ohE '`(lib|conf|cgi-bin|htdocs|bin|tests)/[A-Za-z0-9_./-]+`' docs/*.md | tr -d '`'
	grep -ohE '\b(fault|browser)/(scripted/)?[a-z-]+\b' docs/ASVS.md | sed 's:.*:tests/&.test.mjs:'
	grep -ohE '\bunit/[a-z]+/[a-z_]+_test\b' docs/ASVS.md | sed 's:.*:tests/&.c:'
} | sort -u | while read -r path; do
	[ -e "$path" ] || { echo "docs/ names $path, which is not there"; exit 1; }
done || exit 1
count() { grep -cE "^\| [0-9.]+ \|[^|]+\| $1 \|" docs/ASVS.md; }
counts="**$(count met) met, $(count partly) partly, $(count 'not met') not met, $(count 'not applicable') not applicable.**"
grep -qF "$counts" docs/ASVS.md || { echo "docs/ASVS.md: its rows are $counts"; exit 1; }
for file in conf/nginx/lamplight.conf conf/apache/lamplight.conf conf/apache/htaccess; do
	for policy in htdocs/CSP htdocs/CSP.diagram; do
		grep -qF "\"$(cat $policy)\"" $file || { echo "$file: the policy is not that of $policy"; exit 1; }
	done
done
known=$(tr '\n\t' '  ' <lib/base/conf.c | grep -oE '\{ *"[a-z]+", *"[a-z_]+", *[A-Z]+\([^"(){}]*("[^"]*")?' |
	sed -E 's/^\{ *"([a-z]+)", *"([a-z_]+)", *([A-Z]+)\([^"]*"?([^"]*)"?$/\1.\2 = \4/; s/ +$//' | sort)
documented=$(awk '/^\[/ { gsub(/[][]/, ""); section = $0 } sub(/^#/, "") && /^[a-z_]+ =/ { print section "." $0 }' conf/lamplight.conf | sort)
[ -n "$known" ] && [ "$known" = "$documented" ] && exit 0
echo "conf/lamplight.conf differs from the keys of lib/base/conf.c:"
list=$(mktemp)
printf '%s\n' "$known" >"$list"
printf '%s\n' "$documented" | diff "$list" -
rm -f "$list"
exit 1
