# SPDX-License-Identifier: BSD-2-Clause
# Lines as gcov -b -c prints them, of one object after the other. A line or a branch counts as run
# when it was run in any of them.

BEGIN {
	n_layers = split("base mode6 model client snmp daemon probe query", layers, " ")
	for (i = 1; i <= n_layers; i++)
		known[layers[i]] = 1
	read_reasons()
}

# KIND FILE FUNCTION [TEXT]: for the lines of that function, or those with that text. "*" is any file,
# or any function. The first that fits.
function read_reasons(	line, part) {
	while ((getline line < reasons) > 0) {
		if (line ~ /^(#|$)/)
			continue
		split(line, part, " ")
		kind[++n_reasons] = part[1]
		file_of[n_reasons] = part[2]
		function_of[n_reasons] = part[3]
		sub(/^[^ ]+ +[^ ]+ +[^ ]+ */, "", line)
		text[n_reasons] = line
	}
	close(reasons)
}

# The name within the project, or nothing when it is not ours.
function own_name(path,	file, layer) {
	if (!match(path, "src/[^/]+/[^/]+$"))
		return ""
	file = substr(path, RSTART)
	layer = layer_of(file)
	if (!(layer in known)) {
		known[layer] = 1
		layers[++n_layers] = layer
	}
	return file
}

function layer_of(file,	part) {
	split(file, part, "/")
	return part[2]
}

/^ *-: *0:Source:/ {
	path = $0
	sub(/^ *-: *0:Source:/, "", path)
	file = own_name(path)
	name = ""
	next
}

file == "" { next }

/^function / { name = $2; next }

/^branch / {
	key = file SUBSEP line SUBSEP n_branch++
	if (!(key in branches))
		branches[key] = 0
	if ($3 == "taken" && $4 + 0 > 0)
		branches[key] = 1
	next
}

/^ *[-#=0-9]+\*?: *[0-9]+:/ {
	count = $0
	sub(/:.*/, "", count)
	gsub(/[ *]/, "", count)
	source = $0
	sub(/^[^:]*: */, "", source)
	line = source + 0
	n_branch = 0
	if (count == "-")
		next
	sub(/^[0-9]+:[ \t]*/, "", source)
	key = file SUBSEP line
	if (!(key in lines)) {
		lines[key] = 0
		code[key] = source
		inside[key] = name
	}
	if (count ~ /^[0-9]/ && count + 0 > 0)
		lines[key] = 1
}

function reason_of(key,	part, i) {
	split(key, part, SUBSEP)
	for (i = 1; i <= n_reasons; i++) {
		if ((file_of[i] == "*" || file_of[i] == part[1]) &&
		    (function_of[i] == "*" || function_of[i] == inside[key]) &&
		    (text[i] == "" || index(code[key], text[i]) > 0))
			return kind[i]
	}
	return "unknown"
}

function percent(some, all) {
	return all ? sprintf("%.1f %%", 100 * some / all) : "-"
}

function row(title, n, n_run, b, b_taken) {
	printf "%-8s %7d %7s %9d %7s\n", title, n, percent(n_run, n), b, percent(b_taken, b)
}

END {
	sorted = "sort -t: -k1,1 -k2,2n >" uncovered
	for (key in lines) {
		split(key, part, SUBSEP)
		layer = layer_of(part[1])
		n[layer]++
		n_run[layer] += lines[key]
		if (lines[key])
			continue
		reason = reason_of(key)
		n_of[reason]++
		n_left++
		printf "%s:%d\t%s\t%s\t%s\n", part[1], part[2], reason, inside[key], code[key] | sorted
	}
	close(sorted)
	for (key in branches) {
		split(key, part, SUBSEP)
		layer = layer_of(part[1])
		b[layer]++
		b_taken[layer] += branches[key]
	}
	printf "%-8s %7s %7s %9s %7s\n", "layer", "lines", "run", "branches", "taken"
	for (i = 1; i <= n_layers; i++) {
		layer = layers[i]
		row(layer, n[layer], n_run[layer], b[layer], b_taken[layer])
		all += n[layer]
		all_run += n_run[layer]
		all_b += b[layer]
		all_taken += b_taken[layer]
	}
	row("all", all, all_run, all_b, all_taken)
	printf "\nnot run: %d lines, in %s\n", n_left, uncovered
	for (reason in n_of)
		printf "%8d %s\n", n_of[reason], reason | "sort -k2"
	close("sort -k2")
	exit all == 0
}
