/* What a plain connector gives: the bytes at the address that its start named, fetched because somebody asked for them
 * (shugu get). Nobody has signed what should come, so nothing can be compared: what came is kept as an object under its own
 * root, and the act delivery.draw says that we alone found it so. Then the transfer is completed.
 *
 * The child `shugu draw` (main/cmd_draw.c) does it, at most DRAW_CHILDREN at a time and LIMIT_DRAW bytes each; private
 * addresses are refused as everywhere. What breaks begins anew, DRAW_TRIES times; then, and after a final no, it stands in the
 * delivery's progress why, and somebody may ask again. What is asked for stands in the store (n_delivery_draw): a node that
 * starts again goes on. One thread, that of the loop. */
#pragma once

#include "delivery/delivery.h"
#include "net/loop.h"

#define DRAW_CHILDREN 2u
#define DRAW_TRIES 5u

struct drawer;

/* program: normally "/proc/self/exe". c->arena must live as long as it; loop and acts are borrowed. ERR_MEMORY. */
must_use err draw_new(
	struct ctx *c, struct loop *l, struct acts *n, const char *program, struct drawer **ret);
/* Somebody asks. Needs no open tick. ERR_BAD_STATE where a plain connector's transfer does not run, or named no address. */
must_use err draw_ask(struct ctx *c, struct acts *n, struct str id);
/* Begins what is asked for and due; called at the end of every tick. */
void draw_pump(struct drawer *k);
/* Ends the children. Before loop_free. Accepts NULL. */
void draw_free(struct drawer *k);
