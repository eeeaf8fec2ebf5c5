#include "disk/vfs.h"

#include <sqlite3.h>
#include <string.h>

struct file {
	sqlite3_file base;
	sqlite3_file *real; /* behind this struct */
};

static struct {
	sqlite3_vfs vfs, *real;
	enum vfs_kind kind;
	int left; /* 0: nothing fails */
	bool lasting, broke;
} shim;

static sqlite3_file *real_of(sqlite3_file *f)
{
	return ((struct file *)f)->real;
}

static bool fails(enum vfs_kind kind)
{
	if (shim.left == 0 || shim.kind != kind)
		return false;
	if (shim.left > 1) {
		shim.left--;
		return false;
	}
	shim.broke = true;
	if (!shim.lasting)
		shim.left = 0;
	return true;
}

static int do_close(sqlite3_file *f)
{
	return real_of(f)->pMethods->xClose(real_of(f));
}

static int do_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}

static int do_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	if (fails(VFS_FULL))
		return SQLITE_FULL;
	if (fails(VFS_SHORT_WRITE)) {
		(void)real_of(f)->pMethods->xWrite(real_of(f), from, n / 2, at);
		return SQLITE_IOERR_WRITE;
	}
	return real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
}

static int do_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int do_sync(sqlite3_file *f, int flags)
{
	return fails(VFS_SYNC) ? SQLITE_IOERR_FSYNC
			       : real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int do_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), ret);
}

static int do_lock(sqlite3_file *f, int how)
{
	return real_of(f)->pMethods->xLock(real_of(f), how);
}

static int do_unlock(sqlite3_file *f, int how)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), how);
}

static int do_check_lock(sqlite3_file *f, int *ret)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), ret);
}

static int do_control(sqlite3_file *f, int op, void *arg)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int do_sector(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int do_traits(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int do_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **ret)
{
	return real_of(f)->pMethods->xShmMap(real_of(f), region, size, extend, ret);
}

static int do_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void do_shm_barrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int do_shm_unmap(sqlite3_file *f, int remove)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
}

/* Version 2: no memory map, so that every byte goes through here. */
static const sqlite3_io_methods methods = {.iVersion = 2,
	.xClose = do_close,
	.xRead = do_read,
	.xWrite = do_write,
	.xTruncate = do_truncate,
	.xSync = do_sync,
	.xFileSize = do_size,
	.xLock = do_lock,
	.xUnlock = do_unlock,
	.xCheckReservedLock = do_check_lock,
	.xFileControl = do_control,
	.xSectorSize = do_sector,
	.xDeviceCharacteristics = do_traits,
	.xShmMap = do_shm_map,
	.xShmLock = do_shm_lock,
	.xShmBarrier = do_shm_barrier,
	.xShmUnmap = do_shm_unmap};

static int do_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
	struct file *own = (struct file *)f;
	(void)v;
	own->real = (sqlite3_file *)(own + 1);
	memset(own->real, 0, (size_t)shim.real->szOsFile);
	int code = shim.real->xOpen(shim.real, name, own->real, flags, ret_flags);
	own->base.pMethods = own->real->pMethods != NULL ? &methods : NULL;
	return code;
}

bool vfs_install(void)
{
	shim.real = sqlite3_vfs_find(NULL);
	if (shim.real == NULL)
		return false;
	shim.vfs = *shim.real;
	shim.vfs.zName = "breaking";
	shim.vfs.szOsFile = (int)sizeof(struct file) + shim.real->szOsFile;
	shim.vfs.xOpen = do_open;
	shim.vfs.pNext = NULL;
	return sqlite3_vfs_register(&shim.vfs, 1) == SQLITE_OK;
}

void vfs_break(enum vfs_kind kind, int n, bool lasting)
{
	shim.kind = kind;
	shim.left = n;
	shim.lasting = lasting;
	shim.broke = false;
}

void vfs_mend(void)
{
	shim.left = 0;
}

bool vfs_broke(void)
{
	return shim.broke;
}
