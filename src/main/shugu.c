/* The command line. One row a command; what it prints goes to standard output, refusals to standard error.
 * Exit 0 yes, 1 no, 2 wrong usage, 3 fault. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/complain.h"
#include "main/control.h"
#include "main/table.h"

static const struct command *const commands[] = {
	&cmd_init,
	&cmd_serve,
	&cmd_evidence,
	&cmd_log,
	&cmd_replay,
	&cmd_publish,
	&cmd_profile,
	&cmd_quality,
	&cmd_rules,
	&cmd_dossier,
	&cmd_products,
	&cmd_withdraw,
	&cmd_share,
	&cmd_sandbox,
	&cmd_invite,
	&cmd_join,
	&cmd_outbox,
	&cmd_parcel,
	&cmd_inbox,
	&cmd_approve,
	&cmd_refuse,
	&cmd_party,
	&cmd_person,
	&cmd_api,
	&cmd_catalog,
	&cmd_get,
	&cmd_agreements,
	&cmd_contract,
	&cmd_delivery,
	&cmd_terminate,
	&cmd_fetch,
	&cmd_draw,
	&cmd_keep,
	&cmd_invoice,
	&cmd_register,
	&cmd_verify,
	&cmd_backup,
	&cmd_restore,
	&cmd_calendar,
	&cmd_doctor,
	&cmd_sweep,
	&cmd_demo,
	&cmd_run,
};

err command_print(struct ctx *c, const struct json *j)
{
	struct str text;
	TRY(json_write(c, j, false, LIMIT_HTTP_BODY, &text));
	if (isatty(STDOUT_FILENO)) /* read by a person, and by what acts on marks */
		TRY(table_shown(c, text, &text));
	printf("%.*s\n", FMT(text));
	return OK;
}

static int help(FILE *to, int code)
{
	fprintf(to, "usage: shugu COMMAND [OPTION...]\n\n");
	for (size_t i = 0; i < countof(commands); i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->does);
	fprintf(to, "\nEvery command takes --data DIR (default $SHUGU_DATA, else ./node), --json "
		    "and --help.\n"
		    "Exit 0 yes, 1 no, 2 wrong usage, 3 fault.\n");
	return fflush(to) == 0 ? code : 3;
}

static int command_help(const struct command *command)
{
	printf("usage: shugu %s %s\n\n%s\n\n", command->name, command->usage, command->does);
	for (size_t i = 0; i < command->options_n; i++)
		printf("  --%s %s\n", command->options[i].name, command->options[i].help);
	printf("  --data DIR   of the node (default $SHUGU_DATA, else ./node)\n"
	       "  --at TIME    of a simulated node: what time it is\n"
	       "  --json       says it as JSON\n");
	return fflush(stdout) == 0 ? 0 : 3;
}

static int run(const struct command *command, int argc, char **argv)
{
	cleanup(arena_freep) struct arena *a = arena_new(4 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct options o;
	if (a == NULL)
		return 3;
	err e = options_read(&c, argc, argv, command->options, command->options_n, &o);
	if (e == OK && o.help)
		return command_help(command);
	if (e == OK && o.at != NULL && command != &cmd_init && command != &cmd_run)
		e = control_clock(&c, o.data, o.at);
	if (e == OK)
		e = command->run(&c, &o);
	if (e == ERR_VERDICT && c.trouble.code != e) /* the command has said it */
		return fflush(stdout) == 0 ? 1 : 3;
	if (e != OK)
		return complain(&c, e, command->name, options_json(argc, argv));
	return fflush(stdout) == 0 ? 0 : 3;
}

/* A file of the node must not become the standard output of a caller who closed it. */
static bool open_standard(void)
{
	int fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2)
		fd = open("/dev/null", O_RDWR);
	bool opened = fd >= 0;
	fd_closep(&fd);
	return opened;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	if (!open_standard())
		return 3;
	for (size_t i = 0; i < countof(commands); i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return run(commands[i], argc - 1, argv + 1);
	}
	bool asked =
		strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0;
	if (asked)
		return help(stdout, 0);
	if (argc < 2)
		return help(stderr, 2);
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	err e = fail(&c, ERR_USAGE, "%s is no command", name);
	return a == NULL ? 3 : complain(&c, e, NULL, options_json(argc, argv));
}
