/// @file
/// The command line: each command is one row of a table and one file.
///
/// A command declares its options once, as rows of kc_app_option; the same rows parse the command
/// line and print --help. All values land in one kc_app_arguments. Findings go to standard error,
/// results to standard output or to files, and the exit code follows kc_status_exit_code, or is
/// KC_APP_EXIT_FELL where --must-finish asks for more than a run gave.
#pragma once
#include "base/error.h"
#include "scenario/scenario.h"
#include <stdio.h>

/// Exit code of a run that fell or diverged, and the most words a command takes.
enum { KC_APP_EXIT_FELL = 3, KC_APP_MAX_WORDS = 4096 };

/// What the command line said, with defaults where it said nothing.
typedef struct {
  const char **word; ///< arguments that are no options
  int n_word;
  kc_setting *setting; ///< --set, in order
  int n_setting;
  char **address;     ///< (n_setting) the memory behind setting[].address
  const char *output; ///< -o; NULL if not given
  int lanes, threads;
  int quiet, json, help;
  int must_finish;
  int inverse, mass_matrix;
  int tree, params, metrics, channels, sweep, terms;
  int all;
  int muscles;
  int evaluations, population, seed, restarts;
  double budget, sigma;
  const char *state, *curriculum, *objectives;
  const char *shard, *from;
  const char *reference, *plot, *side;
  const char *metric; ///< names between commas
  int limit, run;     ///< run: number of a sweep's run, counted from 0
} kc_app_arguments;

typedef enum {
  KC_APP_FLAG,    ///< int, becomes 1
  KC_APP_TEXT,    ///< const char *
  KC_APP_INT,     ///< int within the bounds
  KC_APP_CHOICE,  ///< int, one of those in `argument` ("1|4|8")
  KC_APP_NUMBER,  ///< double within the bounds
  KC_APP_SETTING, ///< address=value, repeatable
} kc_app_kind;

typedef struct {
  const char *name; ///< "--output"
  char letter;      ///< 'o', or 0
  kc_app_kind kind;
  const char *argument; ///< name of its value in --help; NULL for a flag
  const char *meaning;  ///< one line or more, separated by \n
  size_t offset;        ///< field of kc_app_arguments
  double lower, upper;  ///< bounds of a number
} kc_app_option;

typedef struct {
  const char *name;
  const char *words;       ///< its words in --help: "SCENARIO..."
  const char *summary;     ///< one line
  const char *description; ///< paragraphs and examples
  int min_words, max_words;
  const kc_app_option *option;                   ///< ends with a row without name
  int (*run)(const kc_app_arguments *arguments); ///< gives the exit code
} kc_app_command;

#define KC_APP_FIELD(field) offsetof(kc_app_arguments, field)
/// Rows that most commands share.
#define KC_APP_OPTION_QUIET                                                                        \
  {                                                                                                \
    "--quiet", 'q', KC_APP_FLAG, NULL, "no progress line, no summary; errors only",                \
        KC_APP_FIELD(quiet), 0, 0                                                                  \
  }
#define KC_APP_OPTION_JSON                                                                         \
  { "--json", 0, KC_APP_FLAG, NULL, "print JSON on standard output", KC_APP_FIELD(json), 0, 0 }
#define KC_APP_OPTION_THREADS                                                                      \
  {                                                                                                \
    "--threads", 't', KC_APP_INT, "N", "threads (default: all cores; results never depend on it)", \
        KC_APP_FIELD(threads), 1, 1024                                                             \
  }
#define KC_APP_OPTION_LANES                                                                        \
  {                                                                                                \
    "--lanes", 'l', KC_APP_CHOICE, "1|4|8",                                                        \
        "runners or states at a time on one core (default: the widest that\n"                      \
        "this processor has; results never depend on it)",                                         \
        KC_APP_FIELD(lanes), 0, 0                                                                  \
  }
#define KC_APP_OPTION_SET                                                                          \
  {                                                                                                \
    "--set", 's', KC_APP_SETTING, "ADDRESS=VALUE",                                                 \
        "change one number, such as course/grade=\"-8 %\"; may be repeated;\n"                     \
        "`kinchain list` prints the addresses",                                                    \
        KC_APP_FIELD(setting), 0, 0                                                                \
  }
#define KC_APP_OPTION_HELP                                                                         \
  { "--help", 'h', KC_APP_FLAG, NULL, "print this and end", KC_APP_FIELD(help), 0, 0 }
#define KC_APP_OPTION_END                                                                          \
  { NULL, 0, KC_APP_FLAG, NULL, NULL, 0, 0, 0 }

/// X(name): the commands, in the order of --help.
#define KC_APP_COMMANDS(X)                                                                         \
  X(run)                                                                                           \
  X(sweep) X(merge) X(check) X(list) X(dynamics) X(sensitivity) X(compare) X(score) X(tune)        \
      X(bench)

/// The row of each command.
#define X(name) extern const kc_app_command kc_app_command_##name;
KC_APP_COMMANDS(X)
#undef X

/// Parses the words behind a command's name.
/// @param arguments [out] to be freed with kc_app_free_arguments
/// @return KC_OK; KC_ERR_INPUT with every problem found
kc_status kc_app_parse(const kc_app_command *command, int n, const char *const *word,
                       kc_app_arguments *arguments, kc_error *error) KC_WARN_UNUSED;
/// Frees what parsing allocated.
void kc_app_free_arguments(kc_app_arguments *arguments);
/// Prints what the program is and its commands.
void kc_app_print_help(FILE *out);
/// Prints one command with its options.
void kc_app_print_command_help(FILE *out, const kc_app_command *command);
/// Runs the program: finds the command, parses, runs; returns the exit code.
int kc_app_main(int argc, const char *const *argv);

/// Prints all findings to standard error, frees them, and gives the exit code of `status`.
int kc_app_finish(kc_status status, kc_error *error);
/// The file a word of the command line names: at its path, else shipped under that name.
/// @return a path for the caller to free (the word itself where nothing is found, so that reading
///         it tells so), NULL if there is no memory
char *kc_app_find_file(const char *word);
/// Reads the model that a word of the command line names, its own or a shipped one.
kc_status kc_app_read_model(const char *word, kc_model **model, kc_error *error) KC_WARN_UNUSED;
/// Prints what the muscles of a model can do and what is odd about their paths, as tables.
kc_status kc_app_print_muscles(const char *path, const kc_model *model,
                               kc_error *error) KC_WARN_UNUSED;
/// Lets Ctrl-C ask for an end instead of ending the program (a second one ends it); returns the
/// flag that becomes nonzero.
const volatile int *kc_app_watch_interrupt(void);
/// Takes back an interruption that was answered: what comes next runs to its end.
void kc_app_forget_interrupt(void);
/// Monotonic clock, s.
double kc_app_read_clock(void);
/// Refuses a file to be written whose name has another ending (so that no input is written over);
/// takes NULL for none.
kc_status kc_app_check_ending(const char *option, const char *path, const char *ending,
                              kc_error *error) KC_WARN_UNUSED;
/// Writes a text as a JSON string with its quotes.
void kc_app_print_json_text(FILE *out, const char *text);
