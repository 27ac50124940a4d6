# Completes the commands of lamplight(1), as `lamplight --help` lists them.

_lamplight() {
	local before="${COMP_WORDS[*]:1:COMP_CWORD-1}"
	local next
	next=$("${COMP_WORDS[0]}" --help 2>/dev/null | awk -v before="${before:+$before }" '
		/^  [a-z]/ && index($0, "  " before) == 1 {
			split(substr($0, length(before) + 3), word, " ")
			if (word[1] ~ /^[a-z]/ && substr($0, length(before) + 3, 1) != " ")
				print word[1]
		}')
	# shellcheck disable=SC2207 # words without blanks
	COMPREPLY=($(compgen -W "--help $next" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _lamplight lamplight
