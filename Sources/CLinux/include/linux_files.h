#ifndef LINUX_FILES_H
#define LINUX_FILES_H

#include <stdbool.h>
#include <stdint.h>

/// The attributes of a file from statx(2). Times are nanoseconds since 1970.
struct linux_file_status {
  uint64_t device;
  uint64_t inode;
  uint64_t mount;
  int64_t birth;
  int64_t changed;
  int64_t modified;
  int64_t size;
  uint32_t owner;
  uint32_t links;
  bool is_regular;
  bool has_birth;
  bool has_mount;
};

/// Reads the attributes of a file, following symbolic links. Returns 0, or -1 with the error in errno.
int linux_file_status(const char *path, struct linux_file_status *status);

/// Returns `f_type` of statfs(2), or -1 with the error in errno.
int64_t linux_file_system_type(const char *path);

/// Frees the space of a range of a file with fallocate(2). Returns 0, or -1 with the error in errno.
int linux_file_release(int file, int64_t offset, int64_t count);

#endif
