/* A file system for SQLite that breaks when it is told to: a wrapper of the default one, for tests alone.
 *
 * After vfs_break(kind, n, lasting) the n-th write or sync from now on fails (n from 1): a write writes half of its bytes
 * (SQLITE_IOERR_WRITE) or says that the disk is full (SQLITE_FULL), a sync fails (SQLITE_IOERR_FSYNC). Lasting: so does each
 * one after it, until vfs_mend(). One thread. */
#pragma once

#include <stdbool.h>

enum vfs_kind { VFS_SHORT_WRITE, VFS_FULL, VFS_SYNC, VFS_KINDS };

/* Makes it the default. False where SQLite refuses. */
bool vfs_install(void);
void vfs_break(enum vfs_kind kind, int n, bool lasting);
void vfs_mend(void);
/* Whether something has failed since vfs_break. */
bool vfs_broke(void);
