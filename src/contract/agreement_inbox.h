/* Requests that were not accepted by themselves: they wait for a person, as "agreement" in the inbox, under the id of the
 * negotiation. Yes is the signed agreement (row 2), no ends the negotiation and tells the consumer why. */
#pragma once

#include "contract/agreement.h"
#include "party/inbox.h"

extern const struct inbox_kind agreement_inbox;
