package main

import (
	"bytes"
	"context"
	"fmt"
)

type configCmd struct{ recordFlags }

// Help is shown under the command's usage.
func (c *configCmd) Help() string {
	return `Every setting with its value, what it means, and where the value comes from: the
default, the file, the environment or a flag. What is to be otherwise goes into
~/.config/dateline/config.toml, or the file of --config, as it is written here
(fetch.delay = "8s"; all that is printed is such a file), or into the environment
(DATELINE_FETCH_DELAY=8s).`
}

func (c *configCmd) Run(ctx context.Context, con console) error {
	s, err := c.load(nil)
	if err != nil {
		return err
	}
	t := newCard(con.out, isTerminal(con.out))
	var b bytes.Buffer
	for i, e := range s.Explain() {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, line := range t.lines(e.Meaning, t.width-2) {
			b.WriteString(t.paint(dim, "# "+line) + "\n")
		}
		fmt.Fprintf(&b, "%s = %s  %s\n", t.paint(bold, e.Name), plainLine(e.Value), t.paint(dim, "# "+plainLine(e.From)))
	}
	_, err = con.out.Write(b.Bytes())
	return err
}
