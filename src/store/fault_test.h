/* For the tests of this folder: a SQLite VFS over the system's in which the n-th write or sync fails, once or for good
 * (as where the process is gone), and which keeps of each file a copy as of its last sync: what a power cut leaves.
 * One process, one thread, one fault at a time; fault_install makes it the default for every connection after it. */
#pragma once

#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum fault_kind { FAULT_WRITE, FAULT_TORN, FAULT_SYNC, FAULT_FULL, FAULT_KINDS };

struct fault {
	enum fault_kind kind;
	int after; /* the n-th from now; 0 = never */
	bool for_good;
	bool hit;
};

struct fault_file {
	sqlite3_file base;
	char path[128];
	sqlite3_file *real; /* behind this struct */
};

static struct fault fault;
static sqlite3_vfs fault_vfs;
static sqlite3_vfs *fault_system;
static sqlite3_io_methods fault_methods;

static sqlite3_file *fault_real(sqlite3_file *f)
{
	return ((struct fault_file *)f)->real;
}

/* Whether this operation is the one that fails. */
static bool fault_now(bool counted)
{
	if (fault.hit)
		return fault.for_good;
	if (!counted || fault.after == 0 || --fault.after > 0)
		return false;
	fault.hit = true;
	return true;
}

/* Copies a file; a source that is not there removes the target. */
static void fault_copy(const char *from, const char *to)
{
	static char bytes[1 << 16];
	int in = open(from, O_RDONLY),
	    out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n = 0;
	if (in < 0)
		(void)unlink(to);
	while (out >= 0 && (n = read(in, bytes, sizeof bytes)) > 0)
		if (write(out, bytes, (size_t)n) != n)
			break;
	if (in >= 0)
		(void)close(in);
	if (out >= 0)
		(void)close(out);
}

static void fault_keep(const char *path)
{
	char kept[256];
	(void)snprintf(kept, sizeof kept, "%s.kept", path);
	fault_copy(path, kept);
}

static int fault_close(sqlite3_file *f)
{
	return fault_real(f)->pMethods->xClose(fault_real(f));
}

static int fault_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return fault_real(f)->pMethods->xRead(fault_real(f), p, n, at);
}

static int fault_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	sqlite3_file *real = fault_real(f);
	bool before = fault.hit;
	if (!fault_now(fault.kind != FAULT_SYNC))
		return real->pMethods->xWrite(real, p, n, at);
	if (fault.kind == FAULT_TORN && !before)
		(void)real->pMethods->xWrite(real, p, n / 2, at);
	return fault.kind == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int fault_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return fault_now(false) ? SQLITE_IOERR_TRUNCATE
				: fault_real(f)->pMethods->xTruncate(fault_real(f), size);
}

static int fault_sync(sqlite3_file *f, int flags)
{
	if (fault_now(fault.kind == FAULT_SYNC))
		return SQLITE_IOERR_FSYNC;
	fault_keep(((struct fault_file *)f)->path);
	(void)flags; /* the copy is the disk: the machine's own is spared */
	return SQLITE_OK;
}

static int fault_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	return fault_real(f)->pMethods->xFileSize(fault_real(f), ret);
}

static int fault_lock(sqlite3_file *f, int level)
{
	return fault_real(f)->pMethods->xLock(fault_real(f), level);
}

static int fault_unlock(sqlite3_file *f, int level)
{
	return fault_real(f)->pMethods->xUnlock(fault_real(f), level);
}

static int fault_reserved(sqlite3_file *f, int *ret)
{
	return fault_real(f)->pMethods->xCheckReservedLock(fault_real(f), ret);
}

static int fault_control(sqlite3_file *f, int op, void *arg)
{
	return fault_real(f)->pMethods->xFileControl(fault_real(f), op, arg);
}

static int fault_sector(sqlite3_file *f)
{
	return fault_real(f)->pMethods->xSectorSize(fault_real(f));
}

static int fault_character(sqlite3_file *f)
{
	return fault_real(f)->pMethods->xDeviceCharacteristics(fault_real(f));
}

static int fault_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
	return fault_real(f)->pMethods->xShmMap(fault_real(f), page, size, extend, ret);
}

static int fault_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return fault_real(f)->pMethods->xShmLock(fault_real(f), at, n, flags);
}

static void fault_shm_barrier(sqlite3_file *f)
{
	fault_real(f)->pMethods->xShmBarrier(fault_real(f));
}

static int fault_shm_unmap(sqlite3_file *f, int remove)
{
	return fault_real(f)->pMethods->xShmUnmap(fault_real(f), remove);
}

static int fault_open(sqlite3_vfs *v, const char *path, sqlite3_file *f, int flags, int *ret)
{
	(void)v;
	struct fault_file *file = (struct fault_file *)f;
	file->base.pMethods = NULL;
	file->real = (sqlite3_file *)(file + 1);
	(void)snprintf(file->path, sizeof file->path, "%s", path == NULL ? "" : path);
	int code = fault_system->xOpen(fault_system, path, file->real, flags, ret);
	if (code == SQLITE_OK)
		file->base.pMethods = &fault_methods;
	return code;
}

static int fault_delete(sqlite3_vfs *v, const char *path, int sync)
{
	(void)v;
	if (fault_now(false))
		return SQLITE_IOERR_DELETE;
	int code = fault_system->xDelete(fault_system, path, sync);
	fault_keep(path);
	return code;
}

__attribute__((unused)) static void fault_install(void)
{
	fault_system = sqlite3_vfs_find(NULL);
	fault_vfs = *fault_system;
	fault_vfs.zName = "fault";
	fault_vfs.szOsFile = (int)sizeof(struct fault_file) + fault_system->szOsFile;
	fault_vfs.xOpen = fault_open;
	fault_vfs.xDelete = fault_delete;
	fault_methods = (sqlite3_io_methods){
		.iVersion = 2,
		.xClose = fault_close,
		.xRead = fault_read,
		.xWrite = fault_write,
		.xTruncate = fault_truncate,
		.xSync = fault_sync,
		.xFileSize = fault_size,
		.xLock = fault_lock,
		.xUnlock = fault_unlock,
		.xCheckReservedLock = fault_reserved,
		.xFileControl = fault_control,
		.xSectorSize = fault_sector,
		.xDeviceCharacteristics = fault_character,
		.xShmMap = fault_shm_map,
		.xShmLock = fault_shm_lock,
		.xShmBarrier = fault_shm_barrier,
		.xShmUnmap = fault_shm_unmap,
	};
	(void)sqlite3_vfs_register(&fault_vfs, 1);
}

__attribute__((unused)) static void fault_remove(void)
{
	(void)sqlite3_vfs_unregister(&fault_vfs);
	(void)sqlite3_vfs_register(fault_system, 1);
}
