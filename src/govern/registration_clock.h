/* The clocks of title registration, by the working days of govern/calendar (guide, art. 17, 24 to 29, 36): what is due in
 * which state, when, and by whom. Days are those of China; 0 is none. Pure.
 *
 * accept: 3 working days after receipt; silence counts as acceptance on the first working day after that. finish: 10
 * working days after acceptance (and at most 10 more), while supplement, publicity and objection are not counted. publicity:
 * 5 working days. investigate: 10 after the objection. notify: 5 after an objection to a registration. A certificate is
 * valid for at most 5 years after its evidence was deposited, and is renewed from 6 months before its end to the day
 * before it. */
#pragma once

#include "govern/deadline.h"
#include "govern/registration_states.h"

#define REGISTRATION_ACCEPT_WD 3
#define REGISTRATION_FINISH_WD 10
#define REGISTRATION_EXTENSION_WD 10
#define REGISTRATION_PUBLICITY_WD 5
#define REGISTRATION_INVESTIGATE_WD 10
#define REGISTRATION_NOTIFY_WD 5
#define REGISTRATION_VALID_YEARS 5
#define REGISTRATION_RENEW_MONTHS 6
#define REGISTRATION_RETENTION_YEARS 20
#define REGISTRATION_PAUSES 64u
#define REGISTRATION_CLOCKS 4u

struct registration_dates {
	int64_t received, correct_by, accepted, extension; /* extension: working days */
	int64_t supply_by, publicity_to, objected, contested;
	int64_t from, to; /* of the certificate */
	bool notified;
	struct deadline_pause pauses[REGISTRATION_PAUSES];
	size_t pauses_n;
};

struct registration_due {
	const char *what; /* of registration_clock_words */
	enum registration_who who;
	int64_t opens; /* from when it may be done, or 0 */
	int64_t day;   /* the last one; 0: the calendar does not reach, or the clock stands */
	bool stands;
};

/* All that runs in that state, the order in which they fall due; at most REGISTRATION_CLOCKS. A day that no calendar knows is
 * 0 and comes first: it is not passed over. */
must_use err registration_clocks(struct ctx *c, enum registration_state state,
	const struct registration_dates *d, struct registration_due *ret, size_t *ret_n);

/* Last day for acceptance, and the day on which silence counts as it. ERR_CALENDAR. */
must_use err registration_accept_by(struct ctx *c, int64_t received, int64_t *ret);
must_use err registration_deemed_on(struct ctx *c, int64_t received, int64_t *ret);
/* The last day of validity that a deposit on that day allows; and the first on which renewal may be asked for. */
int64_t registration_valid_to(int64_t deposited);
int64_t registration_renew_from(int64_t to);
