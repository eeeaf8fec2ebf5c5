/* The buyer's receiving: takes the bytes of each delivery that is STARTED and has no receipt yet, checks them against the
 * signed root, keeps the object and gives the receipt; what the seller's node finally refuses ends the delivery.
 *
 * What it works on stands in the store alone, so a node that starts again goes on by itself. An object of one chunk is
 * fetched within the loop; a larger one by a child process (`shugu fetch`, main/cmd_fetch.c), which has network but
 * neither keys nor database, takes chunk after chunk and says how far it is. What breaks is tried again, after 100 ms to
 * 30 s. At most RECEIVE_SMALL and RECEIVE_CHILDREN at a time. A provider that cannot be called brings the bytes by itself
 * (delivery/intake), or they came in a parcel: such a delivery waits until its object is there.
 *
 * One thread, that of the loop. Everything it calls acts for is in the tick that is open at the end of the turn. */
#pragma once

#include "delivery/delivery.h"
#include "net/client.h"
#include "net/loop.h"
#include "store/blobs.h"
#include "store/disk.h"

#define RECEIVE_SMALL 64u
#define RECEIVE_CHILDREN 4u

struct receiver;

/* c->arena must live as long as the receiver; loop, client, acts and disk are borrowed. Without disk (NULL) what an object of
 * one chunk costs is waited for. ERR_MEMORY. */
must_use err receive_new(struct ctx *c, struct loop *l, struct client *client, struct acts *n,
	struct disk *disk, struct receiver **ret);
/* What a provider that cannot be called is to bring under a delivery, and whether all of it has come and is being kept.
 * ERR_NOT_FOUND where nothing is waited for so. */
must_use err receive_expects(
	struct ctx *c, struct receiver *r, struct str id, struct blob *ret, bool *ret_arrived);
/* All has come: of one chunk its bytes, else it lies in tmp/ (store/blob_write.h). */
must_use err receive_arrived(struct ctx *c, struct receiver *r, struct str id, struct str bytes);
/* That chunk was not what was signed; the second time the delivery is refused by its receipt. */
must_use err receive_spoilt(struct ctx *c, struct receiver *r, struct str id, int64_t chunk);
/* Begins what is wanted and due; called at the end of every tick. */
void receive_pump(struct receiver *r);
/* Ends the children and forgets the rest; after disk_free, before client_free and loop_free. Accepts NULL. */
void receive_free(struct receiver *r);
