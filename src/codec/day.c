#include "codec/day.h"

#include <string.h>

#include "codec/time.h"
#include "codec/time_parts.h"

void day_text(int64_t day, char ret[DAY_TEXT + 1])
{
	char whole[TIME_TEXT + 1];
	time_text(day * TIME_DAY_MS, whole);
	memcpy(ret, whole, DAY_TEXT);
	ret[DAY_TEXT] = '\0';
}

bool day_parse(struct str text, int64_t *ret_day)
{
	struct time_date d = {
		time_digits(text, 0, 4), time_digits(text, 5, 2), time_digits(text, 8, 2)};
	int64_t ms = 0;
	if (text.n != DAY_TEXT || !time_punctuation(text, "0000-00-00") ||
		!time_combine(d, 0, 0, 0, &ms))
		return false;
	*ret_day = ms / TIME_DAY_MS;
	return true;
}
