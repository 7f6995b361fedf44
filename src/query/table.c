/* SPDX-License-Identifier: BSD-2-Clause */
/* Cells in one growing buffer, each with its terminator. */
#include "query/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { TABLE_NUMBER_MAX = 24 };

struct table {
	const struct table_column *columns;
	size_t n_columns;
	char *bytes; /* made harmless, each terminated */
	size_t n_bytes, cap_bytes;
	size_t *cells; /* where they begin */
	size_t n_cells, cap_cells;
	size_t widths[TABLE_COLUMNS_MAX];
	bool *marks; /* of the cells; NULL: nothing was compared */
	bool *news;  /* of the rows */
	bool is_nomem;
};

struct table *
table_new(const struct table_column *columns, size_t n_columns)
{
	struct table *t = mem_calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->columns = columns;
	t->n_columns = n_columns;
	for (size_t i = 0; i < n_columns; i++)
		t->widths[i] = columns[i].title ? strlen(columns[i].title) : 0;
	return t;
}

void
table_free(struct table *t)
{
	if (!t)
		return;
	mem_free(t->bytes);
	mem_free(t->cells);
	mem_free(t->marks);
	mem_free(t->news);
	mem_free(t);
}

static bool
make_room(struct table *t, size_t n_bytes)
{
	if (t->n_bytes + n_bytes > t->cap_bytes) {
		size_t cap = 2 * (t->cap_bytes + n_bytes);
		char *bytes = mem_resize(t->bytes, cap, 1);

		if (!bytes)
			return false;
		t->bytes = bytes;
		t->cap_bytes = cap;
	}
	if (t->n_cells == t->cap_cells) {
		size_t cap = 2 * t->cap_cells + TABLE_COLUMNS_MAX;
		size_t *cells = mem_resize(t->cells, cap, sizeof(*cells));

		if (!cells)
			return false;
		t->cells = cells;
		t->cap_cells = cap;
	}
	return true;
}

void
table_cell(struct table *t, const char *text, size_t len)
{
	char cell[TABLE_CELL_MAX];
	size_t n = out_escape(text, len, cell, sizeof(cell));
	size_t column = t->n_cells % t->n_columns;

	if (t->is_nomem || !make_room(t, n + 1)) {
		t->is_nomem = true;
		return;
	}
	t->cells[t->n_cells++] = t->n_bytes;
	memcpy(t->bytes + t->n_bytes, cell, n + 1);
	t->n_bytes += n + 1;
	if (n > t->widths[column])
		t->widths[column] = n;
}

void
table_format(struct table *t, const char *format, ...)
{
	char cell[TABLE_CELL_MAX];
	va_list args;

	va_start(args, format);
	int n = vsnprintf(cell, sizeof(cell), format, args);
	va_end(args);
	if (n < 0)
		n = 0;
	table_cell(t, cell, (size_t)n < sizeof(cell) ? (size_t)n : sizeof(cell) - 1);
}

void
table_text(struct table *t, const char *text)
{
	table_cell(t, text, strlen(text));
}

void
table_number(struct table *t, int64_t value)
{
	char text[TABLE_NUMBER_MAX];

	table_cell(t, text, text_decimal(value, 0, 0, text, sizeof(text)));
}

bool
table_is_whole(const struct table *t)
{
	return !t->is_nomem;
}

size_t
table_rows(const struct table *t)
{
	return t->n_cells / t->n_columns;
}

static const char *
cell_at(const struct table *t, size_t row, size_t column)
{
	return t->bytes + t->cells[row * t->n_columns + column];
}

static const char *
shown(const struct table *t, size_t row, size_t column, bool is_title)
{
	const struct table_column *c = &t->columns[column];
	const char *text = is_title ? c->title : cell_at(t, row, column);

	return *text == '\0' && !c->is_bare && !is_title ? "-" : text;
}

static size_t
put(char *out, const char *text, size_t len, size_t n_blanks, bool is_right)
{
	memset(out, ' ', n_blanks + len);
	memcpy(out + (is_right ? n_blanks : 0), text, len);
	return n_blanks + len;
}

/* One line, of the titles or of a row's cells; blanks at its end are left out. */
static size_t
compose(const struct table *t, size_t row, bool is_title, char *out, size_t cap)
{
	size_t used = 0;

	for (size_t i = 0; i < t->n_columns; i++) {
		const struct table_column *c = &t->columns[i];

		if (!c->title)
			continue;
		const char *text = shown(t, row, i, is_title);
		size_t len = strlen(text), width = t->widths[i];
		size_t n_blanks = width > len ? width - len : 0;

		if (used + len + n_blanks + 1 > cap)
			break;
		used += put(out + used, text, len, n_blanks, c->is_right);
		if (!c->is_glued)
			out[used++] = ' ';
	}
	while (used > 0 && out[used - 1] == ' ')
		used--;
	return used;
}

static size_t
total_width(const struct table *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n_columns; i++)
		if (t->columns[i].title)
			n += t->widths[i] + (t->columns[i].is_glued ? 0 : 1);
	return n > 0 ? n - 1 : 0;
}

static void
print_text(const struct table *t, struct out *o)
{
	char line[OUT_LINE_MAX];
	size_t width = total_width(t);

	out_text(o, line, compose(t, 0, true, line, sizeof(line)));
	if (width > sizeof(line))
		width = sizeof(line);
	memset(line, '=', width);
	out_text(o, line, width);
	for (size_t row = 0; row < table_rows(t); row++)
		out_text(o, line, compose(t, row, false, line, sizeof(line)));
}

/* --- marks -------------------------------------------------------------------------- */

static void
mark_row(struct table *t, size_t row, const struct table *before, size_t former)
{
	for (size_t i = 0; i < t->n_columns; i++)
		t->marks[row * t->n_columns + i] = !t->columns[i].is_restless &&
		    strcmp(cell_at(t, row, i), cell_at(before, former, i)) != 0;
}

/* Decimal numbers, without zeros before them. */
static int
compare_numbers(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);

	return a_len != b_len ? (a_len > b_len) - (a_len < b_len) : strcmp(a, b);
}

bool
table_compare(struct table *t, const struct table *before, size_t key)
{
	size_t n = table_rows(t), former = 0;

	mem_free(t->marks);
	mem_free(t->news);
	t->marks = mem_calloc(t->n_cells, sizeof(*t->marks));
	t->news = mem_calloc(n, sizeof(*t->news));
	if (!t->marks || !t->news)
		return false;
	for (size_t row = 0; row < n; row++) {
		const char *number = cell_at(t, row, key);
		int order = -1;

		while (former < table_rows(before) &&
		    (order = compare_numbers(cell_at(before, former, key), number)) < 0)
			former++;
		if (former < table_rows(before) && order == 0)
			mark_row(t, row, before, former);
		else
			t->news[row] = true;
	}
	return true;
}

/* --- drawing ------------------------------------------------------------------------ */

struct pen {
	const struct table *t;
	struct out *o;
	bool is_screen;
	size_t room;   /* octets that the line may still have */
	size_t blanks; /* to be drawn before the next text, if there is any */
};

static void
draw(struct pen *pen, const char *text, bool is_marked)
{
	size_t len = strlen(text);

	for (; pen->blanks > 0 && pen->room > 0; pen->blanks--, pen->room--)
		out_piece(pen->o, " ", 1);
	if (len > pen->room) {
		len = pen->room;
		/* A character that does not fit goes as a whole. */
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	pen->room -= len;
	if (len == 0)
		return;
	if (is_marked)
		out_control(pen->o, OUT_MARK);
	out_piece(pen->o, text, len);
	if (is_marked)
		out_control(pen->o, OUT_PLAIN);
}

static void
draw_cell(struct pen *pen, size_t column, const char *text, bool is_marked)
{
	const struct table_column *c = &pen->t->columns[column];
	size_t pad = pen->t->widths[column] - strlen(text);

	if (c->is_right)
		pen->blanks += pad;
	draw(pen, text, is_marked && pen->is_screen);
	if (is_marked && !pen->is_screen && !c->is_glued)
		draw(pen, "!", false);
	else if (!c->is_glued)
		pen->blanks++;
	if (!c->is_right)
		pen->blanks += pad;
}

static void
draw_end(struct pen *pen)
{
	if (pen->is_screen)
		out_control(pen->o, OUT_END_LINE);
	else
		out_line(pen->o, "%s", "");
	pen->blanks = 0;
}

static void
draw_titles(struct pen *pen)
{
	if (!pen->is_screen)
		pen->blanks++;
	for (size_t i = 0; i < pen->t->n_columns; i++)
		if (pen->t->columns[i].title)
			draw_cell(pen, i, pen->t->columns[i].title, false);
	draw_end(pen);
}

/* What a row begins with where nothing can stand out. */
static const char *
sign_of(const struct table *t, size_t row)
{
	if (t->news && t->news[row])
		return "+";
	return t->marks && t->columns[0].is_glued && t->marks[row * t->n_columns] ? "!"
										  : " ";
}

static bool
stands_out(const struct pen *pen, size_t row, size_t column)
{
	const struct table *t = pen->t;

	return (pen->is_screen && t->news && t->news[row]) ||
	    (t->marks && t->marks[row * t->n_columns + column]);
}

static void
draw_row(struct pen *pen, size_t row)
{
	if (!pen->is_screen)
		draw(pen, sign_of(pen->t, row), false);
	for (size_t i = 0; i < pen->t->n_columns; i++)
		if (pen->t->columns[i].title)
			draw_cell(pen, i, shown(pen->t, row, i, false),
			    stands_out(pen, row, i));
	draw_end(pen);
}

size_t
table_draw(const struct table *t, struct out *o, const struct table_screen *screen)
{
	size_t n = table_rows(t), shown = n;
	bool is_screen = screen->columns > 0;
	size_t room = is_screen ? screen->columns : OUT_LINE_MAX;
	struct pen pen = { t, o, is_screen, room, 0 };

	if (is_screen && screen->rows == 0)
		return n;
	draw_titles(&pen);
	if (is_screen && shown > screen->rows - 1)
		shown = screen->rows - 1;
	for (size_t row = 0; row < shown; row++) {
		pen.room = room;
		draw_row(&pen, row);
	}
	return n - shown;
}

/* --- JSON --------------------------------------------------------------------------- */

static void
print_json_marks(const struct table *t, struct out *o, size_t row)
{
	out_bool(o, "new", t->news[row]);
	out_open(o, "changed", '[');
	for (size_t i = 0; i < t->n_columns; i++)
		if (t->columns[i].key && t->marks[row * t->n_columns + i])
			out_string_z(o, NULL, t->columns[i].key);
	out_close(o, ']');
}

static void
print_json_row(const struct table *t, struct out *o, size_t row)
{
	out_open(o, NULL, '{');
	for (size_t i = 0; i < t->n_columns; i++) {
		const struct table_column *c = &t->columns[i];
		const char *text = cell_at(t, row, i);

		if (!c->key)
			continue;
		if (*text == '\0')
			out_null(o, c->key);
		else if (c->is_number)
			out_decimal(o, c->key, text, strlen(text));
		else
			out_string_z(o, c->key, text);
	}
	if (t->marks && t->news)
		print_json_marks(t, o, row);
	out_close(o, '}');
}

void
table_print(const struct table *t, struct out *o, const char *key)
{
	if (!o->is_json) {
		print_text(t, o);
		return;
	}
	out_open(o, key, '[');
	for (size_t row = 0; row < table_rows(t); row++)
		print_json_row(t, o, row);
	out_close(o, ']');
}
