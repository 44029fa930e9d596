#include "build_info.h"

#ifndef REFLEXIVE_REVISION
#define REFLEXIVE_REVISION "unknown"
#endif

const char *reflexive_build_revision(void) { return REFLEXIVE_REVISION; }
