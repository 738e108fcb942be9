// Command dateline keeps a record of the news. `dateline --help` lists what it does; the
// scripts in testdata show every form of every command.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

// The exit statuses.
const (
	exitOK     = 0
	exitSome   = 1 // some inputs gave an error
	exitMisuse = 2
)

type commands struct {
	Demo demoCmd `cmd:"" group:"try" help:"Follow invented outlets on this machine."`

	Add     addCmd     `cmd:"" group:"follow" help:"Add an outlet by its address."`
	Follow  followCmd  `cmd:"" group:"follow" help:"Bring what the outlets publish, until stopped."`
	Serve   serveCmd   `cmd:"" group:"follow" help:"Follow, and show the record in a browser."`
	Outlets outletsCmd `cmd:"" group:"follow" help:"Show how each outlet does; pause some, drop sources."`
	Dead    deadCmd    `cmd:"" group:"follow" help:"Show what could not be had, and try it again."`

	List     listCmd     `cmd:"" group:"look" help:"List articles, by a query."`
	Show     showCmd     `cmd:"" group:"look" help:"Show an article, or the page it was read from."`
	Versions versionsCmd `cmd:"" group:"look" help:"Show the versions of an article, and what changed."`
	Export   exportCmd   `cmd:"" group:"look" help:"Write articles, figures, quotes or pages for other programs."`
	MCP      mcpCmd      `cmd:"" name:"mcp" group:"look" help:"Let a language model look at the record."`

	Import  importCmd  `cmd:"" group:"keep" help:"Take in web archives, lists of outlets, lists of addresses."`
	Backup  backupCmd  `cmd:"" group:"keep" help:"Copy the record, also while it is at work."`
	Restore restoreCmd `cmd:"" group:"keep" help:"Make a record of a backup."`
	Verify  verifyCmd  `cmd:"" group:"keep" help:"Check every byte that is kept."`
	User    userCmd    `cmd:"" group:"keep" help:"Add users, roles, passwords and tokens."`
	Redo    redoCmd    `cmd:"" group:"keep" help:"Read or annotate again with a newer program."`
	Erase   eraseCmd   `cmd:"" group:"keep" help:"Remove pages or an outlet everywhere, for good."`

	Read     readCmd     `cmd:"" group:"alone" help:"Make articles of pages: files, archives, addresses."`
	Annotate annotateCmd `cmd:"" group:"alone" help:"Mark who, where, when, how many and who said so in texts."`
	Lang     langCmd     `cmd:"" group:"alone" help:"List and check language packs."`

	Config configCmd `cmd:"" group:"about" help:"Show every setting, its value and where that comes from."`
	About  aboutCmd  `cmd:"" group:"about" help:"Show version, licence and the sources of built-in data."`

	Version kong.VersionFlag `help:"Print the version." short:"V"`
}

// groups are the headings of the list of commands.
var groups = []kong.Group{
	{Key: "try", Title: "To begin:"},
	{Key: "follow", Title: "To follow the news:"},
	{Key: "look", Title: "To look at what is kept, and take it along:"},
	{Key: "keep", Title: "To look after the record:"},
	{Key: "alone", Title: "Without a record:"},
	{Key: "about", Title: "About the program:"},
}

// errSome says that the run went through and some inputs gave an error; they
// have been reported.
var errSome = errors.New("some inputs could not be read")

// console is where a command reads and writes; tests and main give their own.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// garbage is how many percent of what is held may be garbage before it is
// collected. Pages are read in little memory that is used again; twice Go's
// default saves a tenth of the time for 30 MB.
const garbage = 200

// What is held and its garbage may come to this much, and as much again for
// each core, before garbage is collected earlier: a page of 10 MiB takes ten
// times that while it is read.
const (
	held     = 128 << 20
	heldCore = 32 << 20
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(held + heldCore*int64(runtime.GOMAXPROCS(0)))
	}
	os.Exit(run(os.Args[1:], console{os.Stdin, os.Stdout, os.Stderr}))
}

func run(args []string, con console) (status int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	var cmds commands
	exited := -1
	parser, err := kong.New(&cmds,
		kong.Name("dateline"),
		kong.Description("A record of the news that can be trusted and checked."),
		kong.ExplicitGroups(groups),
		kong.Vars{"version": version()},
		kong.Writers(con.out, con.err),
		kong.Exit(func(code int) { exited = code; panic(exitNow{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(con),
	)
	if err != nil {
		fmt.Fprintln(con.err, "dateline:", err)
		return exitMisuse
	}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(exitNow); !ok {
				panic(r)
			}
			status = exited // --help and --version
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	cmd, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(con.err, "dateline:", err)
		var pe *kong.ParseError
		if errors.As(err, &pe) && pe.Context != nil && pe.Context.Command() != "" {
			fmt.Fprintf(con.err, "try: dateline %s --help\n", commandPath(pe.Context.Selected()))
		} else {
			fmt.Fprintln(con.err, "try: dateline --help")
		}
		return exitMisuse
	}
	switch err := cmd.Run(); {
	case err == nil, errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrClosedPipe):
		return exitOK
	case errors.Is(err, errSome):
		return exitSome
	case errors.Is(err, errUsage):
		fmt.Fprintln(con.err, "dateline:", plainLines(said(err)))
		fmt.Fprintf(con.err, "try: dateline %s --help\n", commandPath(cmd.Selected()))
		return exitMisuse
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(con.err, "dateline: stopped")
		return exitSome
	default:
		fmt.Fprintln(con.err, "dateline:", plainLines(said(err)))
		return exitSome
	}
}

// commandPath is a command as it is typed: "lang check".
func commandPath(n *kong.Node) string {
	name := n.Name
	for n = n.Parent; n != nil && n.Type == kong.CommandNode; n = n.Parent {
		name = n.Name + " " + name
	}
	return name
}

// exitNow unwinds when the parser has printed help or the version.
type exitNow struct{}

// errUsage marks errors of how the program was called.
var errUsage = errors.New("usage")

func usage(format string, args ...any) error {
	return usageError{fmt.Sprintf(format, args...)}
}

type usageError struct{ text string }

func (e usageError) Error() string        { return e.text }
func (e usageError) Is(target error) bool { return target == errUsage }

// version is the module's version where it was built from one, else the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "development-" + s.Value[:12]
		}
	}
	return "development"
}
