package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"dateline"
	"dateline/fetch"
	"dateline/internal/access"
	"dateline/internal/store"
)

type userCmd struct {
	Add    userAddCmd    `cmd:"" help:"Add a user."`
	List   userListCmd   `cmd:"" help:"List the users."`
	Role   userRoleCmd   `cmd:"" help:"Give a user another role: reader, editor, admin."`
	Passwd userPasswdCmd `cmd:"" help:"Give a user another password, as where it is forgotten; sessions and tokens end."`
	Remove userRemoveCmd `cmd:"" help:"Remove a user, with tokens, reading state and saved searches."`
	Token  tokenCmd      `cmd:"" help:"Tokens, which programs show in place of a password."`
}

type tokenCmd struct {
	Add    tokenAddCmd    `cmd:"" help:"Make a token, and print it this once."`
	List   tokenListCmd   `cmd:"" help:"List the tokens of a user, or of all."`
	Remove tokenRemoveCmd `cmd:"" help:"Remove a token by its number."`
}

// passwordFlags say where a password comes from.
type passwordFlags struct {
	Stdin    bool `name:"password-stdin" help:"Read the password from the first line of standard input."`
	Generate bool `help:"Make a password, and print it this once."`
}

// password is what the flags say; made is whether it is still to be told.
func (f *passwordFlags) password(ctx context.Context, con console) (password string, made bool, err error) {
	switch {
	case f.Stdin && f.Generate:
		return "", false, usage("user: --password-stdin and --generate are two ways; take one")
	case f.Generate:
		return access.Generate(), true, nil
	case f.Stdin:
		line, err := bufio.NewReader(io.LimitReader(con.in, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", false, err
		}
		return strings.TrimRight(line, "\r\n"), false, nil
	case !isTerminal(con.in):
		return "", false, usage("user: there is no terminal to ask for the password; give it with --password-stdin, or have one made with --generate")
	}
	if password, err = ask(ctx, con, "Password: "); err != nil {
		return "", false, err
	}
	again, err := ask(ctx, con, "Once more: ")
	if err == nil && again != password {
		err = errors.New("these are two passwords; nothing is changed")
	}
	return password, false, err
}

// ask reads a line from the terminal without showing it.
func ask(ctx context.Context, con console, what string) (string, error) {
	fd := int(con.in.(*os.File).Fd())
	state, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	fmt.Fprint(con.err, what)
	type answer struct {
		line []byte
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		line, err := term.ReadPassword(fd)
		got <- answer{line, err}
	}()
	select {
	case a := <-got:
		fmt.Fprintln(con.err)
		return string(a.line), a.err
	case <-ctx.Done(): // the terminal is to show again what is typed
		term.Restore(fd, state)
		fmt.Fprintln(con.err)
		return "", ctx.Err()
	}
}

// users opens the record for its users. Where make is set it is made if there
// is none.
func (f *recordFlags) users(ctx context.Context, con console, make bool) (*record, *access.Guard, error) {
	open := f.look
	if make {
		open = func(ctx context.Context, con console) (*record, error) {
			return f.beside(ctx, con, nil, fetch.Guard{})
		}
	}
	r, err := open(ctx, con)
	if err != nil {
		return nil, nil, err
	}
	return r, &access.Guard{Users: r.store, Now: time.Now}, nil
}

// named finds a user, and says how to see them all where there is none.
func named(ctx context.Context, r *record, name string) (store.User, error) {
	u, err := r.store.UserNamed(ctx, name)
	if errors.Is(err, dateline.ErrNotFound) {
		return u, fmt.Errorf("no user is called %s; dateline user list shows them", plainLine(name))
	}
	return u, err
}

type userAddCmd struct {
	recordFlags
	passwordFlags
	Name string `arg:"" help:"A name without spaces."`
	Role string `help:"reader, editor or admin." default:"reader" enum:"reader,editor,admin"`
}

// Help is shown under the command's usage.
func (c *userAddCmd) Help() string {
	return `A reader looks at the record and keeps reading state and searches of their own; an
editor reviews marks and makes collections too; an admin adds and erases outlets and
manages users. It works while dateline serve runs.`
}

func (c *userAddCmd) Run(ctx context.Context, con console) error {
	r, g, err := c.users(ctx, con, true)
	if err != nil {
		return err
	}
	defer r.close()
	password, made, err := c.password(ctx, con)
	if err != nil {
		return err
	}
	u, err := g.AddUser(ctx, c.Name, access.Role(c.Role), password)
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "added %s, %s\n", u.Name, u.Role)
	tellPassword(con, password, made)
	return nil
}

func tellPassword(con console, password string, made bool) {
	if made {
		fmt.Fprintf(con.out, "the password, shown this once: %s\n", password)
	}
}

type userListCmd struct {
	recordFlags
	Format string `help:"text or jsonl. The default is text on a terminal and jsonl elsewhere." short:"f" placeholder:"FORMAT"`
}

func (c *userListCmd) Run(ctx context.Context, con console) error {
	format, err := tableFormat("user list", c.Format, con)
	if err != nil {
		return err
	}
	r, _, err := c.users(ctx, con, false)
	if err != nil {
		return err
	}
	defer r.close()
	all, err := r.store.ListUsers(ctx)
	if err != nil {
		return err
	}
	if format == "jsonl" {
		for _, u := range all {
			if err := printJSON(con.out, struct {
				Name    string    `json:"name"`
				Role    string    `json:"role"`
				Created time.Time `json:"created"`
				Seen    time.Time `json:"seen,omitzero"`
			}{u.Name, u.Role, u.Created.UTC(), u.Seen.UTC()}); err != nil {
				return err
			}
		}
		return nil
	}
	if len(all) == 0 {
		fmt.Fprintln(con.out, "There are no users: on this machine no login is needed. To serve others:\n\n  dateline user add NAME --role admin")
		return nil
	}
	w := tabwriter.NewWriter(con.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tROLE\tLAST LOGIN")
	for _, u := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\n", plainLine(u.Name), u.Role, ago(u.Seen, time.Now()))
	}
	return w.Flush()
}

type userRoleCmd struct {
	recordFlags
	Name string `arg:""`
	Role string `arg:"" help:"reader, editor or admin."`
}

func (c *userRoleCmd) Run(ctx context.Context, con console) error {
	r, g, err := c.users(ctx, con, false)
	if err != nil {
		return err
	}
	defer r.close()
	u, err := named(ctx, r, c.Name)
	if err == nil {
		err = g.SetRole(ctx, u.N, access.Role(c.Role))
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "%s is %s now, and logs in again\n", u.Name, c.Role)
	return nil
}

type userPasswdCmd struct {
	recordFlags
	passwordFlags
	Name string `arg:""`
}

func (c *userPasswdCmd) Run(ctx context.Context, con console) error {
	r, g, err := c.users(ctx, con, false)
	if err != nil {
		return err
	}
	defer r.close()
	u, err := named(ctx, r, c.Name)
	if err != nil {
		return err
	}
	password, made, err := c.password(ctx, con)
	tokens := 0
	if err == nil {
		tokens, err = g.SetPassword(ctx, u.N, password)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "%s has another password; who was logged in by that name logs in again\n", u.Name)
	if tokens > 0 {
		fmt.Fprintf(con.out, "%s by that name removed; make new ones for the programs that are to come in\n", count(tokens, "token"))
	}
	tellPassword(con, password, made)
	return nil
}

type userRemoveCmd struct {
	recordFlags
	Name string `arg:""`
}

func (c *userRemoveCmd) Run(ctx context.Context, con console) error {
	r, _, err := c.users(ctx, con, false)
	if err != nil {
		return err
	}
	defer r.close()
	u, err := named(ctx, r, c.Name)
	if err == nil {
		err = r.store.DropUser(ctx, u.N)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "removed %s\n", u.Name)
	return nil
}

type tokenAddCmd struct {
	recordFlags
	User  string   `arg:"" help:"Whose it is: a token may what its user may, as far as its scopes go."`
	Name  string   `arg:"" help:"What it is for."`
	Scope []string `help:"look, desk (reviews, collections, searches), follow (outlets), manage (users, health); the default is look." placeholder:"SCOPE"`
	Days  int      `help:"How long it is good for; 0 is without end." default:"365"`
}

func (c *tokenAddCmd) Run(ctx context.Context, con console) error {
	if c.Days < 0 || c.Days > 36500 {
		return usage("user token add: --days %d is no number of days", c.Days)
	}
	r, g, err := c.users(ctx, con, false)
	if err != nil {
		return err
	}
	defer r.close()
	u, err := named(ctx, r, c.User)
	if err != nil {
		return err
	}
	var until time.Time
	if c.Days > 0 {
		until = time.Now().AddDate(0, 0, c.Days)
	}
	scopes := make([]access.Scope, len(c.Scope))
	for i, s := range c.Scope {
		scopes[i] = access.Scope(s)
	}
	if len(scopes) == 0 {
		scopes = []access.Scope{access.Look}
	}
	text, _, err := g.AddToken(ctx, u.N, c.Name, scopes, until)
	if err != nil {
		return err
	}
	fmt.Fprintln(con.out, text)
	if isTerminal(con.out) {
		fmt.Fprintln(con.err, "It is shown this once. Programs send it as: Authorization: Bearer", text[:7]+"…")
	}
	return nil
}

type tokenListCmd struct {
	recordFlags
	User   string `arg:"" optional:""`
	Format string `help:"text or jsonl. The default is text on a terminal and jsonl elsewhere." short:"f" placeholder:"FORMAT"`
}

func (c *tokenListCmd) Run(ctx context.Context, con console) error {
	format, err := tableFormat("user token list", c.Format, con)
	if err != nil {
		return err
	}
	r, _, err := c.users(ctx, con, false)
	if err != nil {
		return err
	}
	defer r.close()
	var of int64
	if c.User != "" {
		u, err := named(ctx, r, c.User)
		if err != nil {
			return err
		}
		of = u.N
	}
	users, err := r.store.ListUsers(ctx)
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for _, u := range users {
		names[u.N] = u.Name
	}
	all, err := r.store.ListTokens(ctx, of)
	if err != nil {
		return err
	}
	if format == "jsonl" {
		for _, t := range all {
			if err := printJSON(con.out, struct {
				Number  int64     `json:"number"`
				User    string    `json:"user"`
				Name    string    `json:"name"`
				Scopes  []string  `json:"scopes"`
				Created time.Time `json:"created"`
				Used    time.Time `json:"used,omitzero"`
				Until   time.Time `json:"until,omitzero"`
			}{t.N, names[t.User], t.Name, t.Scopes, t.Created.UTC(), t.Used.UTC(), t.Until.UTC()}); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(con.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NUMBER\tUSER\tNAME\tSCOPES\tUSED\tGOOD UNTIL")
	for _, t := range all {
		until := "without end"
		if !t.Until.IsZero() {
			until = t.Until.Format(time.DateOnly)
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", t.N, plainLine(names[t.User]), plainLine(t.Name), cmp.Or(strings.Join(t.Scopes, " "), "none"), ago(t.Used, time.Now()), until)
	}
	return w.Flush()
}

type tokenRemoveCmd struct {
	recordFlags
	Number string `arg:"" help:"As dateline user token list has it."`
}

func (c *tokenRemoveCmd) Run(ctx context.Context, con console) error {
	n, err := strconv.ParseInt(c.Number, 10, 64)
	if err != nil {
		return usage("user token remove: %q is no number; dateline user token list has them", c.Number)
	}
	r, _, err := c.users(ctx, con, false)
	if err != nil {
		return err
	}
	defer r.close()
	err = r.store.DropToken(ctx, n)
	if errors.Is(err, dateline.ErrNotFound) {
		return fmt.Errorf("there is no token %d; dateline user token list has them", n)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "removed token %d\n", n)
	return nil
}
