/// @file
/// Version, revision and flags, from definitions that the build passes for this file alone.
#include "app/version.h"

const char *kc_app_version(void) { return KC_VERSION; }

const char *kc_app_revision(void) { return KC_REVISION; }

const char *kc_app_build_flags(void) { return KC_BUILD_FLAGS; }
