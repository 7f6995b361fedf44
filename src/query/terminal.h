/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking who sits at the terminal. */
#ifndef QUERY_TERMINAL_H
#define QUERY_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Prints the prompt on the terminal and reads a line there, which is shown only when
 * `is_shown`. Always terminates; the caller cleanses what is secret. 0; ERR_NOTFOUND when
 * the standard input is no terminal; ERR_CANCELLED for an interrupt or end of input;
 * ERR_TOOBIG for a line of `cap` octets and more. */
int terminal_ask(const char *prompt, bool is_shown, char *out, size_t cap);

#endif
