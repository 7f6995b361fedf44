# SPDX-License-Identifier: BSD-2-Clause
# Whether numbers that were measured at equal distances grow. Of lines "TIME NUMBER": how far
# the least-squares line through the second half of them climbs within that half, and how much
# the median of the last quarter is above that of the second one. The first quarter may grow:
# pools and tables find their size there. Prints "SAMPLES FIRST LAST MEDIAN2 MEDIAN4 GROWTH CLIMB".

# The median of v[from..to]; the few numbers are put in order by insertion.
function median(from, to, i, j, n, s) {
	n = 0
	for (i = from; i <= to; i++) {
		for (j = n++; j > 0 && s[j] > v[i]; j--)
			s[j + 1] = s[j]
		s[j + 1] = v[i]
	}
	return s[int((n + 1) / 2)]
}

# How far the line through (t[from], v[from]) .. climbs from its first point to its last.
function climb(from, to, i, n, mt, mv, cov, var) {
	n = to - from + 1
	for (i = from; i <= to; i++) {
		mt += t[i] / n
		mv += v[i] / n
	}
	for (i = from; i <= to; i++) {
		cov += (t[i] - mt) * (v[i] - mv)
		var += (t[i] - mt) ^ 2
	}
	return var > 0 ? cov / var * (t[to] - t[from]) : 0
}

NF >= 2 {
	n++
	t[n] = $1
	v[n] = $2
}

END {
	if (n < 8) {
		print "too few samples: " n + 0
		exit 1
	}
	q = int(n / 4)
	second = median(q + 1, 2 * q)
	last = median(n - q + 1, n)
	printf "%d %d %d %d %d %d %d\n", n, v[1], v[n], second, last, last - second, climb(2 * q + 1, n)
}
