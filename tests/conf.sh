#!/bin/sh
# conf/lamplight.conf documents every key of lib/base/conf.c with its default, and no other; the web servers'
# configurations send the policies that the pages are made for.
cd "$(dirname "$0")/.." || exit 1
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
