/* command.h: the command line as a text that a shell understands. */
#ifndef COMPARE_COMMAND_H
#define COMPARE_COMMAND_H

/* argv with blanks between, quoted where it has to be. The caller frees it; NULL without
 * memory. */
char *command_line(int argc, char *const argv[]);

#endif /* COMPARE_COMMAND_H */
