/* Evidence of anything: the act evidence.anchor puts a digest of something that the organisation holds into its log.
 * Body {digest: "sha256:<hex>"}; the subject is what the caller calls it. */
#pragma once

#include "act/registry.h"

extern const struct module anchor_module;
