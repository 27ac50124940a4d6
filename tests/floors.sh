#!/bin/sh
# The arrows of lib/ point down: fails, with file and line, on an include that goes up or sideways,
# and on a library's header outside the one folder that may know the library.
cd "$(dirname "$0")/.." || exit 1
grep -ns '^[[:space:]]*#[[:space:]]*include' lib/*/*.[ch] cgi-bin/*.c bin/*.c bin/*/*.[ch] /dev/null | awk '
BEGIN {
	n = split("base=0 json=1 http=2 auth=2 db=2 llm=2 repo=3 chat=4 api=5 cgi-bin=6 bin=6", list)
	for (i = 1; i <= n; i++) { split(list[i], kv, "="); floor[kv[1]] = kv[2] }
	n = split("json=json json=unigbrk json=unistr http=fcgi auth=jwt auth=sodium db=mysql db=mysqld_error db=errmsg llm=curl bin=event2", list)
	for (i = 1; i <= n; i++) { split(list[i], kv, "="); home[kv[2]] = kv[1] }
}
{
	split($0, part, ":")
	n = split(part[1], dir, "/")
	from = dir[1] == "lib" ? dir[2] : dir[1]
	match($0, /[<"][^>"]*[>"]/)
	name = substr($0, RSTART + 1, RLENGTH - 2)
	to = ""
	if (substr($0, RSTART, 1) == "\"")
		wrong = split(name, dir, "/") < 2 || (dir[1] != from && (dir[1] in floor ? floor[dir[1]] >= floor[from] : from != "bin"))
	else {
		for (lib in home)
			if (name ~ ("(^|/)" lib "[a-z0-9_-]*[./]")) to = home[lib]
		wrong = to != "" && to != from
	}
	if (wrong) { print part[1] ":" part[2] ": " from " may not include " name; bad = 1 }
}
END { exit bad }'
