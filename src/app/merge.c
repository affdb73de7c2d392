/// @file
/// kinchain merge: the parts of a sweep put together to the file that one machine would have
/// written, byte for byte.
#include "app/app.h"
#include "io/journal.h"
#include "io/result.h"
#include "io/sweep.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_GROUP = 8 };

/// All parts, by shard.
typedef struct {
  int n;              // parts
  kc_io_sweep **part; // (n)
  const char **path;  // (n)
  int n_group;
  kc_group *group[MAX_GROUP]; // of the whole
  int model[MAX_GROUP];       // part whose group has the largest arrays
  int *index[MAX_GROUP];      // (n) which group of each part it is; -1: none
  int n_run;
  void *rows; // of one part
  size_t size;
} whole;

static const kc_group *part_group(const whole *w, int part, int group) {
  int n, index = w->index[group][part];
  const kc_group *const *list = kc_io_sweep_groups(w->part[part], &n);
  return index < 0 ? NULL : list[index];
}

// "2/4" at the end of a header
static int read_shard(const kc_io_sweep *sweep, int *shard, int *n) {
  const char *text = kc_io_sweep_text(sweep, "shard");
  return text && sscanf(text, "%7d/%7d", shard, n) == 2 && *n >= 1 && *shard >= 1 && *shard <= *n;
}

static kc_status add_part(whole *w, const char *path, kc_error *error) {
  kc_io_sweep *sweep;
  KC_TRY(kc_io_open_sweep(path, &sweep, error));
  int shard, n;
  kc_status status = KC_OK;
  if (!read_shard(sweep, &shard, &n))
    status = kc_error_add(error, KC_ERR_INPUT, path, "is no part of a sweep but a whole one");
  else if (n != w->n)
    status =
        kc_error_add(error, KC_ERR_INPUT, path,
                     "is part %d of %d, but %d files are given; name all %d", shard, n, w->n, n);
  else if (w->part[shard - 1])
    status =
        kc_error_add(error, KC_ERR_INPUT, path, "is part %d, as %s is", shard, w->path[shard - 1]);
  if (status != KC_OK) {
    kc_io_close_sweep(sweep);
    return status;
  }
  w->part[shard - 1] = sweep;
  w->path[shard - 1] = path;
  return KC_OK;
}

/// The header of the whole: that of a part with its last line changed; to be freed.
static char *make_header(const kc_io_sweep *part) {
  const char *header = kc_io_sweep_text(part, "header");
  const char *shard = header ? strstr(header, "\nshard: ") : NULL;
  if (!shard)
    return NULL;
  size_t n = (size_t)(shard - header), size = n + sizeof "\nshard: 1/1\n";
  char *text = malloc(size);
  if (text)
    snprintf(text, size, "%.*s\nshard: 1/1\n", (int)n, header);
  return text;
}

static kc_status check_parts(const whole *w, const char *wanted, kc_error *error) {
  for (int i = 1; i < w->n; i++) {
    char *header = make_header(w->part[i]);
    if (!header || kc_io_compare_headers(w->path[i], header, wanted, error) > 0)
      (void)kc_error_add(error, KC_ERR_INPUT, w->path[i], "is of another sweep than %s",
                         w->path[0]);
    free(header);
  }
  return error->n_finding ? error->status : KC_OK;
}

static void add_scales(whole *w, kc_group *group, const kc_group *from) {
  int *run = kc_record_group_keep(group, (size_t)w->n_run + 1, sizeof *run);
  if (!run)
    return;
  for (int i = 0; i < w->n_run; i++)
    run[i] = i;
  kc_dimension all = {
      .label = from->dimension[0].label, .size = w->n_run, .store = KC_STORE_I32, .value = run};
  (void)kc_record_group_add_dimension(group, &all);
  for (int d = 1; d < from->n_dimension; d++)
    (void)kc_record_group_add_dimension(group, &from->dimension[d]);
}

/// Elements of the arrays of a group along a run: the more, the longer its runs.
static size_t measure(const kc_group *group) {
  size_t size = 1;
  for (int d = 1; group && d < group->n_dimension; d++)
    size += (size_t)group->dimension[d].size;
  return group ? size : 0;
}

static kc_status make_group(whole *w, const char *name, kc_error *error) {
  int g = w->n_group++, best = -1;
  w->index[g] = malloc((size_t)w->n * sizeof *w->index[g]);
  w->group[g] = kc_record_group_create(name);
  if (!w->index[g] || !w->group[g])
    return kc_error_add(error, KC_ERR_MEMORY, "merge", "no memory");
  for (int i = 0; i < w->n; i++) {
    int n;
    const kc_group *const *list = kc_io_sweep_groups(w->part[i], &n);
    w->index[g][i] = -1;
    for (int k = 0; k < n; k++)
      if (strcmp(list[k]->name, name) == 0)
        w->index[g][i] = k;
    if (best < 0 || measure(part_group(w, i, g)) > measure(part_group(w, best, g)))
      best = i;
  }
  const kc_group *from = part_group(w, best, g);
  w->model[g] = best;
  if (!from) {
    kc_record_group_destroy(w->group[g]);
    w->group[g] = NULL;
    free(w->index[g]);
    w->n_group--;
    return KC_OK;
  }
  add_scales(w, w->group[g], from);
  for (int v = 0; v < from->n_variable; v++) {
    w->group[g]->variable[v] = from->variable[v]; // dimensions stand in the same order
    w->group[g]->n_variable++;
  }
  return KC_OK;
}

static size_t store_bytes(kc_store store) {
  const size_t size[] = {sizeof(double), sizeof(float), sizeof(int), 1, sizeof(char *)};
  return size[store];
}

/// Bytes of one run of a variable.
static size_t row_bytes(const kc_group *group, const kc_variable *v) {
  size_t size = store_bytes(v->store);
  for (int d = 1; d < v->n_dimension; d++)
    size *= (size_t)group->dimension[v->dimension[d]].size;
  return size;
}

static void fill_gap(kc_store store, char *to, size_t size) {
  memset(to, 0, size);
  if (store == KC_STORE_F64)
    for (size_t i = 0; i < size / sizeof(double); i++)
      ((double *)(void *)to)[i] = (double)NAN;
  if (store == KC_STORE_F32)
    for (size_t i = 0; i < size / sizeof(float); i++)
      ((float *)(void *)to)[i] = NAN;
}

/// The runs of one part among first..first + n - 1: shorter ones leave a gap behind them.
static int fetch_part(whole *w, int part, int group, int variable, const int span[2],
                      char *buffer) {
  const kc_group *to = w->group[group], *from = part_group(w, part, group);
  const kc_variable *v = &to->variable[variable];
  int first = span[0], n = span[1];
  int row = (first - part + w->n - 1) / w->n, end = (first + n - part + w->n - 1) / w->n;
  size_t size = row_bytes(to, v);
  size_t own = from && variable < from->n_variable ? row_bytes(from, &from->variable[variable]) : 0;
  if (end <= row)
    return 1;
  if (own > size || (from && (variable >= from->n_variable ||
                              strcmp(from->variable[variable].label.name, v->label.name) != 0)))
    return 0;
  size_t room = own * (size_t)(end - row);
  if (room > w->size) {
    void *rows = realloc(w->rows, room);
    if (!rows)
      return 0;
    w->rows = rows;
    w->size = room;
  }
  if (own > 0 &&
      !kc_io_sweep_fetch(w->part[part], w->index[group][part], variable, row, end - row, w->rows))
    return 0;
  for (int i = row; i < end; i++) {
    char *at = buffer + (size_t)(i * w->n + part - first) * size;
    if (own > 0)
      memcpy(at, (char *)w->rows + (size_t)(i - row) * own, own);
    fill_gap(v->store, at + own, size - own);
  }
  return 1;
}

static int find_group(const whole *w, const kc_group *group) {
  for (int g = 0; g < w->n_group; g++)
    if (w->group[g] == group)
      return g;
  return 0;
}

static int fetch(void *user, const kc_group *group, int variable, int first, int n, void *buffer) {
  whole *w = user;
  for (int part = 0; part < w->n; part++)
    if (!fetch_part(w, part, find_group(w, group), variable, (int[2]){first, n}, buffer))
      return 0;
  return 1;
}

static const char *find_address(void *user, const kc_group *group, int variable) {
  const whole *w = user;
  int g = find_group(w, group), model = w->model[g];
  return kc_io_sweep_address(w->part[model], w->index[g][model], variable);
}

static kc_status write_whole(whole *w, const char *output, const char *header, kc_error *error) {
  int n, n_kept = 0;
  const kc_io_text *text = kc_io_sweep_texts(w->part[0], &n);
  kc_io_text *kept = calloc((size_t)n + 1, sizeof *kept);
  if (!kept)
    return kc_error_add(error, KC_ERR_MEMORY, output, "no memory");
  for (int i = 0; i < n; i++) {
    if (strcmp(text[i].name, "shard") == 0)
      continue;
    kept[n_kept] = text[i];
    if (strcmp(text[i].name, "header") == 0)
      kept[n_kept].text = header;
    n_kept++;
  }
  kc_io_source source = {fetch, find_address, w};
  kc_status status = kc_io_write_sweep(output, kept, n_kept, (const kc_group *const *)w->group,
                                       w->n_group, &source, error);
  free(kept);
  return status;
}

static kc_status merge(whole *w, const kc_app_arguments *a, kc_error *error) {
  if (!a->output)
    return kc_error_add(error, KC_ERR_INPUT, "--output", "say where the whole goes: -o all.h5");
  KC_TRY(kc_io_check_output(a->output, error));
  w->n = a->n_word;
  w->part = calloc((size_t)w->n, sizeof(kc_io_sweep *));
  w->path = calloc((size_t)w->n, sizeof *w->path);
  if (!w->part || !w->path)
    return kc_error_add(error, KC_ERR_MEMORY, "merge", "no memory");
  for (int i = 0; i < w->n; i++)
    if (add_part(w, a->word[i], error) != KC_OK)
      continue; // all problems are told
  if (error->n_finding)
    return error->status;
  for (int i = 0; i < w->n; i++) {
    int n;
    w->n_run += kc_io_sweep_groups(w->part[i], &n)[0]->dimension[0].size;
  }
  char *header = make_header(w->part[0]);
  kc_status status =
      header ? check_parts(w, header, error)
             : kc_error_add(error, KC_ERR_INPUT, w->path[0], "has no header; it is damaged");
  static const char *const name[] = {"", "strides", "series"};
  for (int i = 0; i < 3 && status == KC_OK; i++)
    status = make_group(w, name[i], error);
  if (status == KC_OK)
    status = write_whole(w, a->output, header, error);
  free(header);
  return status;
}

static int run(const kc_app_arguments *arguments) {
  kc_error error = kc_error_default();
  whole w = {0};
  kc_status status = merge(&w, arguments, &error);
  if (status == KC_OK && !arguments->quiet)
    printf("%d runs of %d parts\nResult: %s\n", w.n_run, w.n, arguments->output);
  for (int g = 0; g < w.n_group; g++) {
    kc_record_group_destroy(w.group[g]);
    free(w.index[g]);
  }
  for (int i = 0; w.part && i < w.n; i++)
    kc_io_close_sweep(w.part[i]);
  free(w.part);
  free(w.path);
  free(w.rows);
  return kc_app_finish(status, &error);
}

static const kc_app_option options[] = {
    {"--output", 'o', KC_APP_TEXT, "FILE", "the file of the whole sweep", KC_APP_FIELD(output), 0,
     0},
    KC_APP_OPTION_QUIET,
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END,
};

const kc_app_command kc_app_command_merge = {
    .name = "merge",
    .words = "PART.h5...",
    .summary = "puts the parts of a sweep together",
    .description = "Takes all files that `kinchain sweep --shard i/N` wrote, in any order, and "
                   "writes the file\n"
                   "that one machine would have written, byte for byte.\n\n"
                   "  kinchain merge part1.h5 part2.h5 part3.h5 part4.h5 -o all.h5\n",
    .min_words = 1,
    .max_words = KC_APP_MAX_WORDS,
    .option = options,
    .run = run,
};
