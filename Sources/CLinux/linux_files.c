// glibc declares statx(2) only with this.
#define _GNU_SOURCE

#include "linux_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

static int64_t nanoseconds(const struct statx_timestamp *time) {
  // Unsigned, because a file may have any time, and signed overflow is undefined.
  return (int64_t)((uint64_t)time->tv_sec * 1000000000U + time->tv_nsec);
}

int linux_file_status(const char *path, struct linux_file_status *status) {
  struct statx found;
  unsigned int mask = STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID;
  if (statx(AT_FDCWD, path, 0, mask, &found) != 0)
    return -1;
  // Checkpoints store this number: another layout would make every store look replaced.
  status->device = (uint64_t)found.stx_dev_minor << 32 | found.stx_dev_major;
  status->inode = found.stx_ino;
  status->mount = found.stx_mnt_id;
  status->birth = nanoseconds(&found.stx_btime);
  status->changed = nanoseconds(&found.stx_ctime);
  status->modified = nanoseconds(&found.stx_mtime);
  status->size = found.stx_size > INT64_MAX ? INT64_MAX : (int64_t)found.stx_size;
  status->owner = found.stx_uid;
  status->links = found.stx_nlink;
  status->is_regular = S_ISREG(found.stx_mode);
  status->has_birth = (found.stx_mask & STATX_BTIME) != 0;
  status->has_mount = (found.stx_mask & STATX_MNT_ID) != 0;
  return 0;
}

int64_t linux_file_system_type(const char *path) {
  struct statfs found;
  if (statfs(path, &found) != 0)
    return -1;
  return (uint32_t)found.f_type;
}

int linux_file_release(int file, int64_t offset, int64_t count) {
  return fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, count);
}
