package main

import (
	"context"
	"fmt"
	"strings"
)

type configCmd struct{ recordFlags }

// Help is shown under the command's usage.
func (c *configCmd) Help() string {
	return `Every setting with its value, what it means, and where the value comes from: the
default, the file, the environment or a flag. What is to be otherwise goes into
~/.config/dateline/config.toml, or the file of --config, as it is written here
(fetch.delay = "8s"), or into the environment (DATELINE_FETCH_DELAY=8s).`
}

func (c *configCmd) Run(ctx context.Context, con console) error {
	s, err := c.load(nil)
	if err != nil {
		return err
	}
	t := newCard(con.out, isTerminal(con.out))
	section := ""
	for _, e := range s.Explain() {
		if name, _, ok := strings.Cut(e.Name, "."); ok && name != section {
			section = name
			fmt.Fprintln(con.out)
		}
		fmt.Fprintf(con.out, "%s = %s  %s\n", t.paint(bold, e.Name), plainLine(e.Value), t.paint(dim, "("+plainLine(e.From)+")"))
		for _, line := range t.lines(e.Meaning, t.width-4) {
			fmt.Fprintf(con.out, "    %s\n", line)
		}
	}
	return nil
}
