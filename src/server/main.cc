#include <sys/stat.h>

#include "server/cli.h"
#include "server/commands.h"

int main(int argc, char** argv) {
  // What is created is the owner's alone, also by libraries and on the way to the data directory.
  ::umask(S_IRWXG | S_IRWXO);
  const auto line = confab::parse_command_line(argc, argv);
  if (!line) return line.error();
  return confab::run_command(*line, confab::confab_environment());
}
