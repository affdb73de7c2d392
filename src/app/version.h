/// @file
/// What was built: version, source revision, compiler and flags. Set by the build.
#pragma once

/// The version, such as "0.1.0".
const char *kc_app_version(void);
/// The source revision that was built, "unknown" outside a repository.
const char *kc_app_revision(void);
/// Compiler and flags.
const char *kc_app_build_flags(void);
