package main

import (
	_ "embed"
	"fmt"
)

type aboutCmd struct{}

// Run prints the version and NOTICE.
func (aboutCmd) Run(con console) error {
	_, err := fmt.Fprintf(con.out, "dateline %s\n\n%s", version(), noticeText())
	return err
}
