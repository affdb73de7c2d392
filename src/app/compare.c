/// @file
/// kinchain compare: the metrics of two result files and their change.
#include "app/app.h"
#include "app/summary.h"
#include "base/file.h"
#include "io/result.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// relative change, NaN where there is no base for it
static double relative(double a, double b) { return a == 0 ? (double)NAN : (b - a) / fabs(a); }

static void print_number(double x, const char *format) {
  char text[40] = "-";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  if (isfinite(x))
    snprintf(text, sizeof text, format, x);
#pragma GCC diagnostic pop
  printf(" %13s", text);
}

static void print_table(const char *const *word, const kc_io_metrics *a, const kc_io_metrics *b,
                        int all) {
  printf("A: %s (%s, %s, %s)\nB: %s (%s, %s, %s)\n\n", word[0], a->title, a->mode, a->outcome,
         word[1], b->title, b->mode, b->outcome);
  int width = kc_app_find_name_width(all);
  printf("%-*s %-9s %13s %13s %13s %13s\n", width, "", "", "A", "B", "B - A", "change");
  for (int i = 0; i < a->n_metric; i++) {
    const kc_io_metric *m = &a->metric[i];
    int j = kc_io_find_metric(b, m->name);
    if (j < 0 || (!all && !kc_app_is_main_metric(m->name)))
      continue;
    double x = m->value, y = b->metric[j].value;
    printf("%-*s %-9s", width, m->name, strcmp(m->unit, "1") == 0 ? "" : m->unit);
    print_number(x, "%.5g");
    print_number(y, "%.5g");
    print_number(y - x, "%+.4g");
    print_number(100 * relative(x, y), "%+.1f %%");
    putchar('\n');
  }
}

static void print_json(const char *const *word, const kc_io_metrics *a, const kc_io_metrics *b) {
  fputs("{\"a\": ", stdout);
  kc_app_print_json_text(stdout, word[0]);
  fputs(", \"b\": ", stdout);
  kc_app_print_json_text(stdout, word[1]);
  fputs(", \"metrics\": {", stdout);
  int n = 0;
  for (int i = 0; i < a->n_metric; i++) {
    int j = kc_io_find_metric(b, a->metric[i].name);
    if (j < 0)
      continue;
    double x = a->metric[i].value, y = b->metric[j].value;
    fputs(n++ ? ",\n " : "\n ", stdout);
    kc_app_print_json_text(stdout, a->metric[i].name);
    const struct {
      const char *name;
      double value;
    } field[] = {{"a", x}, {"b", y}, {"change", y - x}, {"relative", relative(x, y)}};
    for (size_t k = 0; k < sizeof field / sizeof *field; k++) {
      printf("%s\"%s\": ", k ? ", " : ": {", field[k].name);
      kc_app_print_json_number(stdout, field[k].value);
    }
    putchar('}');
  }
  puts("}}");
}

// FILE, or FILE:naive for the naive run beside an adapted one
static kc_status read_word(const char *word, kc_io_metrics **metrics, kc_error *error) {
  static const char run[] = "naive";
  size_t n = strlen(word), tail = strlen(run) + 1;
  if (n <= tail || word[n - tail] != ':' || strcmp(word + n - tail + 1, run) != 0 ||
      kc_file_exists(word))
    return kc_io_read_metrics(word, NULL, metrics, error);
  char *path = strndup(word, n - tail);
  if (!path)
    return kc_error_add(error, KC_ERR_MEMORY, word, "no memory");
  kc_status status = kc_io_read_metrics(path, run, metrics, error);
  free(path);
  return status;
}

static int run(const kc_app_arguments *arguments) {
  kc_error error = kc_error_default();
  kc_io_metrics *file[2] = {NULL, NULL};
  kc_status status = KC_OK;
  char naive[4096];
  const char *word[2] = {arguments->word[0], arguments->word[1]};
  if (arguments->n_word == 1) {
    (void)snprintf(naive, sizeof naive, "%.4000s:naive", arguments->word[0]);
    word[0] = naive;
    word[1] = arguments->word[0];
  }
  for (int i = 0; i < 2; i++) {
    kc_status one = read_word(word[i], &file[i], &error);
    if (one != KC_OK)
      status = one;
    if (one != KC_OK && arguments->n_word == 1)
      break; // one file, one problem
  }
  if (status == KC_OK) {
    if (arguments->json)
      print_json(word, file[0], file[1]);
    else
      print_table(word, file[0], file[1], arguments->all);
  }
  for (int i = 0; i < 2; i++)
    kc_io_destroy_metrics(file[i]);
  return kc_app_finish(status, &error);
}

static const kc_app_option options[] = {
    {"--all", 'a', KC_APP_FLAG, NULL, "all metrics, not only the main ones", KC_APP_FIELD(all), 0,
     0},
    KC_APP_OPTION_JSON,
    KC_APP_OPTION_HELP,
    KC_APP_OPTION_END,
};

const kc_app_command kc_app_command_compare = {
    .name = "compare",
    .words = "A.h5 [B.h5]",
    .summary = "the metrics of two result files and their change",
    .description =
        "Shows what the second run does otherwise than the first. FILE.h5:naive is the naive run\n"
        "beside an adapted one; of such a file alone, the naive run comes first.\n\n"
        "  kinchain compare level.h5 leg_length.h5\n"
        "  kinchain compare adapted.h5\n"
        "  kinchain compare level.h5 adapted.h5:naive\n",
    .min_words = 1,
    .max_words = 2,
    .option = options,
    .run = run,
};
