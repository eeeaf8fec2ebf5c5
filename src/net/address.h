/* Which network addresses a node may call: those that are reachable by everyone, and loopback where that is wanted.
 *
 * A peer tells us where it lives, so an address is judged when it is known as bytes, after resolution: names, decimal
 * and mapped forms cannot get around it. Nothing is allocated and nothing fails. */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

#include "base/str.h"

enum address_kind {
	ADDRESS_PUBLIC,
	ADDRESS_LOOPBACK,
	ADDRESS_SPECIAL, /* private, link-local, mapped, multicast, reserved, of an unknown family, ... */
};

/* ret_name, where not NULL, gets the kind in a word or two, for people; it lives for ever. */
enum address_kind address_kind(const struct sockaddr *a, const char **ret_name);

/* Numeric IPv4 or IPv6 text without brackets; false otherwise. */
bool address_parse(const char *text, struct sockaddr_storage *ret);

/* The numeric text of an address; "?" where its family is unknown. */
void address_text(const struct sockaddr *a, char ret[46]);
