package main

import (
	"fmt"

	"dateline"
)

type aboutCmd struct{}

// Run prints the version, the licence and where built-in data comes from.
func (aboutCmd) Run(con console) error {
	_, err := fmt.Fprintf(con.out, "dateline %s\n\n%s", version(), dateline.Notice)
	return err
}
