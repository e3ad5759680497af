#include "server/cli.h"
#include "server/commands.h"

int main(int argc, char** argv) {
  const auto line = confab::parse_command_line(argc, argv);
  if (!line) return line.error();
  return confab::run_command(*line, confab::confab_environment());
}
