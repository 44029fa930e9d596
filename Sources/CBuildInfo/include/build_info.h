/* The commit that the package was built from, or "unknown" outside a git checkout. */
const char *reflexive_build_revision(void);
