/*
 * local: TCP connections to 127.0.0.1, the only address the programs of bench/ ever call.
 * Functions answer -1 with errno set.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/* A connected, blocking socket with TCP_NODELAY. The caller closes it. */
int local_connect(uint16_t port);

/* Writes all of `p`; 0 or -1. */
int local_write(int fd, const char *p, size_t n);
