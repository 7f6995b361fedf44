# SPDX-License-Identifier: BSD-2-Clause
# Text on stdin, as a terminal shows it, in a picture (SVG) on stdout.

function escaped(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	return text
}

{
	line[NR] = $0
	if (length($0) > columns)
		columns = length($0)
}

END {
	advance = 8.4
	height = 18
	margin = 14
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"monospace\" font-size=\"14\">\n",
		columns * advance + 2 * margin, NR * height + 2 * margin
	print "<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#1c1c1c\"/>"
	for (i = 1; i <= NR; i++) {
		if (line[i] == "")
			continue
		# Whatever font there is, columns stay columns.
		printf "<text x=\"%d\" y=\"%d\" textLength=\"%.1f\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\" fill=\"%s\">%s</text>\n",
			margin, margin + i * height - 4, length(line[i]) * advance,
			substr(line[i], 1, 2) == "$ " ? "#9acd32" : "#e0e0e0", escaped(line[i])
	}
	print "</svg>"
}
