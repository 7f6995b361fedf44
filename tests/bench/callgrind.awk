# SPDX-License-Identifier: BSD-2-Clause
# Where the instructions in an output file of callgrind went:
#
#	awk -v per=UNITS -f callgrind.awk FILE		a report, in instructions per unit
#	awk -v total=1 -f callgrind.awk FILE		their number
#
# Instructions belong to the function, and to the part that it is in: a library, or a file of ours.

# "(7) name" names 7, "(7)" is what that was named.
function name_of(kind, text,    id, at) {
	at = index(text, ")")
	id = kind substr(text, 1, at)
	if (length(text) > at)
		names[id] = substr(text, at + 2)
	return names[id]
}

function base(path) {
	sub(/^.*\//, "", path)
	return path
}

# Of ours the file, without what stands before src/.
function part_of(object, file) {
	if (file ~ /(^|\/)src\/[a-z0-9]+\/[a-z0-9_]+\.[ch]$/) {
		sub(/^.*src\//, "src/", file)
		return file
	}
	sub(/\.so.*$/, ".so", object)
	return object
}

function value_of(line) {
	return substr(line, index(line, "=") + 1)
}

/^ob=/ { object = base(name_of("o", value_of($0))); next }
/^(fl|fi|fe)=/ { file = name_of("f", value_of($0)); next }
/^fn=/ {
	fn = object " " name_of("n", value_of($0))
	next
}
/^cob=/ { name_of("o", value_of($0)); next }
/^(cfi|cfl)=/ { name_of("f", value_of($0)); next }
/^cfn=/ { name_of("n", value_of($0)); next }
/^calls=/ { is_call = 1; next }
/^[0-9+*-]/ {
	inclusive[fn] += $2
	if (!is_call) {
		own[fn] += $2
		part[part_of(object, file)] += $2
		all += $2
	}
	is_call = 0
}

# The largest ones, at most `most`, down to a hundredth of all.
function table(title, costs, most,    i, name, best, done) {
	printf "\n%s\n", title
	for (i = 0; i < most; i++) {
		best = ""
		for (name in costs)
			if (!(name in done) && name !~ / 0x0/ && (best == "" || costs[name] > costs[best]))
				best = name
		if (best == "" || costs[best] < all / 100)
			return
		done[best] = 1
		printf "%12.1f %5.1f %%  %s\n", costs[best] / per, 100 * costs[best] / all, best
	}
}

END {
	if (total) {
		printf "%.0f\n", all
		exit
	}
	printf "%.1f instructions each, of %.0f in all\n", all / per, all
	table("by library, and by file of ours", part, 25)
	table("by function, without what it calls", own, 25)
	table("by function, with what it calls", inclusive, 60)
}
