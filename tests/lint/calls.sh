#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The layers that know no system ask none: what their objects want of libraries is computing. So
# what a datagram says cannot make the program call the kernel. A row is a file's name (or a
# pattern of names), and the functions it may call besides those of `pure`.
pure='__(errno_location|assert_fail|stack_chk_fail)|inet_(ntop|pton)|mem(chr|cmp|cpy|move|set)|bcmp
|str(chr|rchr|cmp|ncmp|len|nlen|spn|cspn|str|casecmp|ncasecmp)|qsort|bsearch|vsnprintf'
rules='
src/base/clock[.]o ~ clock_gettime
src/base/log[.]o ~ fprintf|fputs|fputc|fwrite|stderr
src/base/mem[.]o ~ calloc|realloc|free
src/base/rand[.]o ~ getrandom|abort
src/mode6/auth_key[.]o ~ (EVP|ERR|OSSL|OBJ|OPENSSL|CRYPTO)_[A-Za-z0-9_]*
'
# What compilers add to look at the program while it runs.
watchers='__(a|t|ub)san_.*|__sanitizer_.*|__gcov_.*|__llvm_.*|__afl_.*|_GLOBAL_OFFSET_TABLE_'
layers='base mode6 model'
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"
built=${top_builddir:-build}
lint_tool nm
[ -d "$built/src" ] || {
	echo "nothing is built here"
	exit 77
}

# symbols LETTERS: of each object of these layers, "FILE SYMBOL"
symbols() {
	for layer in $layers; do
		find "$built/src/$layer" -name '*.o' -exec nm -A -P {} + 2>/dev/null
	done | awk -v letters="$1" -v built="$built/" 'index(letters, $3) {
		sub(/:$/, "", $1)
		sub(/[[].*/, "", $1)
		print substr($1, length(built) + 1), $2
	}'
}

pure=$(echo "$pure" | tr -d '\n')
{
	printf '%s\n' "$rules"
	echo END-OF-RULES
	symbols TDBRCVW | sed 's/^/defined /'
	symbols U
} | awk -v pure="$pure" -v watchers="$watchers" '
	!ready && /^END-OF-RULES$/ { ready = 1; next }
	!ready { if (split($0, row, " ~ ") == 2) allowed[row[1]] = row[2]; next }
	$1 == "defined" { ours[$3] = 1; next }
	{
		n++
		name = $2
		if (name in ours || name ~ "^(" watchers ")$") next
		# The hardened form of a function.
		if (name ~ /^__.*_chk$/) { sub(/^__/, "", name); sub(/_chk$/, "", name) }
		if (name ~ "^(" pure ")$") next
		for (file in allowed)
			if ($1 ~ "^" file "$" && name ~ "^(" allowed[file] ")$") next
		sub(/[.]o$/, ".c", $1)
		print $1 ":1: " $2 " is not for a layer that knows no system"
	}
	END { if (!n) print "src/base:1: no objects to look at" }' | lint_verdict
