/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the poller share: its state, and the reader of one object. */
#ifndef CLIENT_POLLER_IMPL_H
#define CLIENT_POLLER_IMPL_H

#include "client/dialect.h"
#include "client/poller.h"

enum poller_table { TABLE_SYSTEM, TABLE_PEER, TABLE_CLOCK, TABLES };

/* Reads one object, list after list. At most one request of it is under way. */
struct poller_reader {
	struct poller *poller;
	struct poller_reader *next; /* in the queue of those that wait */
	enum poller_table table;
	unsigned epoch;   /* of the table's dialect when it was asked */
	size_t peer;      /* index in the snapshot, unless TABLE_SYSTEM */
	uint64_t request; /* 0 none under way */
	bool has_answer;  /* at least one list of this table was answered */
	bool is_learning; /* the one that finds out which names are known */
	bool has_later;   /* filters are still to be read, in a request of their own */
	uint32_t groups;  /* of variables that are asked for */
	dialect_set asked;
	struct dialect_search search;
	struct ntp_raw_maker maker; /* what was read, as text */
};

/* Rows whose place in answers is remembered: all of associations and clocks. Those of the
 * system are many, and of one object. */
enum { POLLER_ORDER_MAX = 64 };

/* A table's dialect, the order in which the daemon answers, and who is learning names in
 * this cycle. */
struct poller_lesson {
	struct dialect dialect;
	/* [0]: the row that came first, [i + 1]: that came behind row i, last time; a
	 * guess. */
	uint8_t next[POLLER_ORDER_MAX + 1];
	unsigned epoch; /* counts how often it was forgotten in this cycle */
	bool is_learning;
	unsigned n_barren; /* objects in this cycle that refused every name */
};

/* When quick cycles are due, and what they are for. */
struct poller_focus {
	uint16_t id;
	int64_t until_ns;
};
struct poller_quick {
	bool is_hinted; /* since the last cycle began */
	uint16_t hints[POLLER_HINTS_MAX];
	size_t n_hints;
	int64_t hint_gap_ns;
	int64_t hint_after_ns; /* no cycle for a hint begins earlier */

	int64_t alert_until_ns;
	int64_t alert_wait_ns; /* since the last cycle began */
	struct poller_focus focus[POLLER_FOCUS_MAX];
	size_t n_focus;

	bool has_failed; /* the last full cycle */

	/* The running cycle. */
	bool is_spent; /* it began for a hint */
	uint16_t asked[POLLER_HINTS_MAX];
	size_t n_asked;
};

struct poller {
	struct m6_client *client;
	int64_t interval_ns, due_ns;
	bool has_phase; /* else beats are counted from the last cycle */
	int64_t phase_ns;
	poller_done_fn *fn;
	void *ctx;

	/* Lasts from cycle to cycle. */
	struct poller_lesson lessons[TABLES];
	struct ntp_totals totals;
	struct snapshot *last;
	uint64_t cycle; /* since the last restart */
	bool wants_identity;
	bool has_kinds; /* the version was asked for: the dialects know whose they are */
	bool has_uptime;
	uint64_t uptime_s;
	int64_t uptime_ns; /* when it was read */
	struct poller_quick quick;

	/* The running cycle; when it began also of the last one. */
	bool is_running, is_quick;
	bool was_restarted;
	int64_t started_ns, started_wall_ns;
	uint64_t stat_request;
	struct poller_reader system_reader;
	int64_t system_uptime_ns; /* when its uptime was read */
	bool has_system;
	uint32_t failed_groups;    /* of the system: a list of theirs was not answered */
	struct ntp_system *system; /* until the picture has it */
	struct snapshot *building; /* from the association list on */
	struct poller_reader *readers; /* one per association that is read */
	size_t n_readers;
	struct poller_reader *waiting, **waiting_end;
	size_t n_active;
	unsigned clock_retries;
	unsigned filter_turns; /* requests for filters alone that are left */

	struct poller_wants *wants; /* NULL as long as nobody wanted anything */
};

/* What is read in a cycle, of an object some groups of which were read before: bit i is
 * group i. */
#define POLLER_ALL_GROUPS ((UINT32_C(1) << NTP_GROUP_COUNT) - 1)
#define POLLER_EVERY_CYCLE \
	((UINT32_C(1) << NTP_GROUP_STATE) | (UINT32_C(1) << NTP_GROUP_COUNTERS))
uint32_t poller_groups_of_system(uint64_t cycle, uint32_t had);
uint32_t poller_groups_of_peer(uint64_t cycle, uint16_t id, uint32_t had);
/* May filters be asked for together with what matters? */
bool poller_trusts_filters(unsigned kinds);

/* The cycle ends; p->fn is called. Nothing of the cycle may be touched afterwards. */
void poller_succeed(struct poller *p, int64_t now_ns);
void poller_fail(struct poller *p, enum target_state state, const struct m6_reply *reply,
    int err);
void poller_fail_nomem(struct poller *p, int64_t now_ns);
/* What a failed request says about the daemon as a whole. */
enum target_state poller_state_of(const struct m6_reply *reply);

/* Makes the picture and a waiting reader for each of the n associations in a READSTAT
 * answer that are read in this cycle. 0 or ERR_NOMEM. */
int poller_prepare_associations(struct poller *p, const struct m6_reply *reply, size_t n);
/* Starts readers that wait; goes on with the wants when there are none left. */
void poller_read_waiting(struct poller *p, int64_t now_ns);
/* Not one answer since this was first asked, or only what is none: it is the daemon, not
 * the object. */
bool poller_is_silent(const struct poller *p, const struct m6_reply *reply);

/* Nothing hinted, nothing changed, no failure. */
void poller_quick_reset(struct poller *p);
/* When the next quick cycle is due; CLOCK_NEVER when there is no reason for one, or the
 * daemon is to be spared. */
int64_t poller_quick_due(const struct poller *p);
/* Is there all a quick cycle needs: a picture to carry on, and names that are known? Else
 * a full one has to do. */
bool poller_quick_is_ready(const struct poller *p);
/* Can associations be read with what is known of their names? */
bool poller_quick_can_read(const struct poller *p);
/* A cycle begins out of turn: if for a hint, the next one for a hint has to wait. */
void poller_quick_spend(struct poller *p, int64_t now_ns);
/* The hints become those of the cycle that begins. */
void poller_quick_take_hints(struct poller *p);
/* The associations in p->building a quick cycle reads, by their places: at most
 * POLLER_QUICK_MAX to out[]. */
size_t poller_quick_choose(const struct poller *p, size_t *out);
/* Any cycle ended well, with something new or not; a quick one failed. */
void poller_quick_ended(struct poller *p, bool has_news);
void poller_quick_failed(struct poller *p);

/* Compares the sorted picture with p->last: is anything new? What changed, or fails to
 * answer for the first time, is in focus from now on, and quick cycles follow. */
bool poller_note_news(struct poller *p, const struct snapshot *s);
bool poller_is_in_focus(const struct poller *p, uint16_t id);
/* Two status words of a reference clock's association: was there an event of the clock,
 * or did its reachability or selection change? `s` tells whose codes they are. */
bool poller_clock_has_news(const struct ntp_system *s, const struct ntp_peer *before,
    const struct ntp_peer *after);
/* Is the clock to be read in each full cycle, for what is known of it? */
bool poller_clock_is_watched(const struct poller *p, const struct ntp_peer *before);

/* Asks for what somebody wants besides the tables, and ends the cycle. */
void poller_read_wants(struct poller *p, int64_t now_ns);
/* Drops what is under way of it; the list stays. */
void poller_abandon_wants(struct poller *p);
/* The daemon is another one: none of the names is known to be known. */
void poller_forget_wants(struct poller *p);

struct dialect *reader_dialect(const struct poller_reader *r);
/* Asks for the reader's next list. 1 asked; 0 nothing left; or an error. */
int reader_ask_next(struct poller_reader *r, m6_reply_fn *fn);
/* The daemon refused the list for a name in it. */
bool reader_met_unknown_name(const struct m6_reply *reply);
/* Hands the variables of an answer that were asked for to their rows and to the text. */
void reader_take(struct poller_reader *r, void *object, const struct m6_reply *reply);
/* Takes values and text of the groups that were not asked for over from the cycle
 * before. */
void reader_carry(struct poller_reader *r, uint32_t groups, void *object,
    const void *before, const struct ntp_raw *raw_before);
/* The same with the text that is there only because somebody wanted it. */
void reader_carry_wanted(struct poller_reader *r, const struct ntp_raw *raw_before);
/* Adds what was collected to *raw. 0, or ERR_NOMEM, which leaves *raw. The maker is empty
 * again. */
int poller_seal(struct ntp_raw_maker *maker, struct ntp_raw **raw);

#endif
