/// @file
/// Where the files that a scenario names are looked for: beside it, one folder up (scenarios/ and
/// models/ are neighbours), in the working folder, in the folder the program was built from, in the
/// one it was installed to.
#define _GNU_SOURCE // asprintf
#include "base/file.h"
#include "scenario/definition.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef KC_DATA_DIR
#define KC_DATA_DIR "."
#endif
#ifndef KC_SHARE_DIR
#define KC_SHARE_DIR "."
#endif

/// "base/folder/name" if it is there, else NULL. Empty parts are left out.
static char *try_path(const char *base, int n_base, const char *folder, const char *name) {
  char *path = NULL;
  if (asprintf(&path, "%.*s%s%s%s%s", n_base, base, n_base ? "/" : "", folder, *folder ? "/" : "",
               name) < 0)
    return NULL;
  if (kc_file_exists(path))
    return path;
  free(path);
  return NULL;
}

char *kc_scenario_find_file(const char *scenario_path, const char *folder, const char *name) {
  if (!*name)
    return NULL;
  if (name[0] == '/')
    return try_path("", 0, "", name);
  const char *slash = strrchr(scenario_path, '/');
  int n = slash ? (int)(slash - scenario_path) : 1;
  const char *beside = slash ? scenario_path : ".";
  char *path = try_path(beside, n, "", name), up[64];
  snprintf(up, sizeof up, "../%.40s", folder);
  if (!path)
    path = try_path(beside, n, up, name);
  if (!path)
    path = try_path("", 0, folder, name);
  if (!path)
    path = try_path(KC_DATA_DIR, (int)strlen(KC_DATA_DIR), folder, name);
  if (!path)
    path = try_path(KC_SHARE_DIR, (int)strlen(KC_SHARE_DIR), folder, name);
  return path;
}
