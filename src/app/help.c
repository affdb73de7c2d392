/// @file
/// --help of the program and of each command, from the same tables that parse the command line.
#include "app/app.h"
#include "app/version.h"
#include <string.h>

static const char *const exit_codes =
    "Exit codes:\n"
    "  0  done\n"
    "  1  the input is wrong (the message says where and how to mend it)\n"
    "  2  the machine failed (disk full, no memory), or it was interrupted\n"
    "  3  a run fell or diverged where --must-finish asks for more\n";

void kc_app_print_help(FILE *out) {
#define X(name) &kc_app_command_##name,
  static const kc_app_command *const table[] = {KC_APP_COMMANDS(X)};
#undef X
  fprintf(out,
          "kinchain %s: simulates a whole-body runner on its own feet, with fascial slings,\n"
          "and shows how load and motion move along the kinetic chain.\n\n"
          "Usage: kinchain COMMAND [ARGUMENTS]\n\nCommands:\n",
          kc_app_version());
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    fprintf(out, "  %-11s %s\n", table[i]->name, table[i]->summary);
  fprintf(out,
          "\nOptions:\n"
          "  -h, --help     print this; behind a command, its own help\n"
          "      --version  print the version\n\n"
          "Start with:  kinchain run scenarios/level.yaml -o level.h5\n\n%s",
          exit_codes);
}

// the meaning in its column, line by line
static void print_meaning(FILE *out, const char *meaning) {
  while (*meaning) {
    size_t n = strcspn(meaning, "\n");
    fprintf(out, "%.*s\n", (int)n, meaning);
    meaning += n;
    if (*meaning)
      meaning++, fprintf(out, "%30s", "");
  }
}

void kc_app_print_command_help(FILE *out, const kc_app_command *command) {
  fprintf(out, "kinchain %s: %s\n\nUsage: kinchain %s [OPTIONS] %s\n\n%s\nOptions:\n",
          command->name, command->summary, command->name, command->words, command->description);
  for (const kc_app_option *o = command->option; o->name; o++) {
    char head[64], letter[8] = "    ";
    if (o->letter)
      snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(head, sizeof head, "%s%s%s%s", letter, o->name, o->argument ? " " : "",
             o->argument ? o->argument : "");
    fprintf(out, "  %-27s ", head);
    print_meaning(out, o->meaning);
  }
  fprintf(out, "\n%s", exit_codes);
}
