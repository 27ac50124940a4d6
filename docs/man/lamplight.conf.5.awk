# Makes the manual of the settings from conf/lamplight.conf, where they are described:
#	awk -f docs/man/lamplight.conf.5.awk conf/lamplight.conf
# A paragraph of comments belongs to the keys that stand right behind it; without any it is about its section.

function escaped(text) {
	gsub(/\\/, "\\e", text)
	while (match(text, /`[^`]+`/))
		text = substr(text, 1, RSTART - 1) "\\fB" substr(text, RSTART + 1, RLENGTH - 2) "\\fR" substr(text, RSTART + RLENGTH)
	return guarded(text)
}

# A line with a dot would be a macro.
function guarded(text) {
	return text ~ /^[.']/ ? "\\&" text : text
}

# Each sentence begins a line.
function sentences(text,   out, i, m, line) {
	out = ""
	m = split(escaped(text), line, /\. /)
	for (i = 1; i <= m; i++)
		out = out (i > 1 ? ".\n" : "") guarded(line[i])
	return out
}

# A line of a macro: each blank and quotation mark would mean something.
function argument(text) {
	text = escaped(text)
	gsub(/"/, "\\(dq", text)
	gsub(/-/, "\\-", text)
	return "\"" text "\""
}

function put_paragraph(   i, literal) {
	literal = 0
	for (i = 1; i <= n; i++) {
		if (paragraph[i] ~ /^  / && !literal)
			print ".Bd -literal -offset indent"
		else if (paragraph[i] !~ /^  / && literal)
			print ".Ed"
		literal = paragraph[i] ~ /^  /
		print literal ? escaped(substr(paragraph[i], 3)) : sentences(paragraph[i])
	}
	if (literal)
		print ".Ed"
	n = 0
}

# What has been read and not been said.
function flush() {
	if (keys == 0 && n == 0)
		return
	if (keys == 0)
		print_break()
	put_paragraph()
	if (keys > 0)
		print ".El"
	keys = 0
}

function print_break() {
	if (!first)
		print ".Pp"
	first = 0
}

BEGIN {
	print ".\\\" Made from conf/lamplight.conf; changes belong there."
	print ".Dd November 29, 2026"
	print ".Dt LAMPLIGHT.CONF 5"
	print ".Os Lamplight"
	print ".Sh NAME"
	print ".Nm lamplight.conf"
	print ".Nd settings of Lamplight"
	print ".Sh SYNOPSIS"
	print ".Nm /etc/lamplight/lamplight.conf"
	print ".Sh DESCRIPTION"
	first = 1
}

/^\[/ {
	flush()
	if (!sections++)
		print ".Sh SETTINGS"
	print ".Ss " $0
	first = 1
	next
}

/^#[a-z0-9_]+ =/ {
	if (keys++ == 0) {
		print_break()
		print ".Bl -tag -width Ds -compact"
	}
	split(substr($0, 2), part, / = ?/)
	value = substr($0, length(part[1]) + 4)
	sub(/^ /, "", value)
	print ".It Va " part[1] (value != "" ? " Li " argument("= " value) : "")
	next
}

/^#$/ {
	flush()
	next
}

/^#/ {
	if (keys > 0)
		flush()
	paragraph[++n] = substr($0, 3)
	next
}

/^$/ { flush() }

END {
	flush()
	print ".Sh SEE ALSO"
	print ".Xr lamplight 1 ,"
	print ".Xr lamplight 7"
}
