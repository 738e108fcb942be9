package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"dateline"
	"dateline/fetch"
)

type serveCmd struct {
	recordFlags
	Listen   string `help:"Where to serve; the default is 127.0.0.1:8080." placeholder:"ADDRESS:PORT"`
	Replay   string `help:"Where to serve kept pages; the default is the next port." placeholder:"ADDRESS:PORT"`
	NoFollow bool   `help:"Only show what is there."`
	TLSCert  string `name:"tls-cert" help:"A certificate to serve by TLS, in PEM; read again when it changes." placeholder:"FILE"`
	TLSKey   string `name:"tls-key" help:"Its key." placeholder:"FILE"`
	Contact  string `help:"An address at which an outlet finds you, a web page or an e-mail." placeholder:"ADDRESS"`
	Private  bool   `name:"allow-private" help:"Let addresses lead into one's own network."`
}

// Help is shown under the command's usage.
func (c *serveCmd) Help() string {
	return `Follows the outlets, as dateline follow does, and shows the record in a browser.
It runs until it is stopped with Ctrl-C or SIGTERM.

On an address of this machine no login is needed as long as there are no users. To
serve others, make an administrator first: dateline user add NAME --role admin.
The section [serve] of the settings has what a proxy and public pages need.`
}

func (c *serveCmd) Run(ctx context.Context, con console) error {
	flags := map[string]string{"contact": c.Contact, "serve.listen": c.Listen, "serve.replay": c.Replay, "serve.tls_cert": c.TLSCert, "serve.tls_key": c.TLSKey}
	maps.DeleteFunc(flags, func(_, v string) bool { return v == "" })
	settings, err := c.load(flags)
	if err != nil {
		return err
	}
	if settings.Serve.TLSCert == "" { // else it asks for the certificate to be read again
		var stop context.CancelFunc
		ctx, stop = hangUp(ctx)
		defer stop()
	}
	network := fetch.Guard{AllowPrivate: c.Private}
	why := ""
	switch {
	case c.NoFollow:
		why = "--no-follow"
	case settings.Contact == "":
		why = "no contact is set, which outlets are asked with: --contact YOU@YOUR.SITE"
	}
	r, err := ownRecord(ctx, settings, con, network)
	switch {
	case errors.Is(err, dateline.ErrLater):
		why = err.Error()
		r, err = openRecord(ctx, settings, con, network, adding)
	case err != nil && there(settings.Data.Dir) == nil && readOnly(settings.Data.Dir):
		why = onlyLooked(settings.Data.Dir)
		r, err = openRecord(ctx, settings, con, network, looking)
	}
	if err != nil {
		return err
	}
	defer r.close()
	guard, err := newGuard(ctx, r)
	if err != nil {
		return err
	}
	front, err := openFront(r, guard, false)
	if err != nil {
		return err
	}
	defer front.close()
	fmt.Fprintf(con.out, "serving at %s\n", front.address)
	say := r.sayer(con)
	if !guard.Open && settings.Serve.Public == "" && strings.Contains(front.address, "://localhost:") {
		say("others reach it by a name of this machine; links in feeds, mail and exports will say localhost until serve.public is set")
	}
	if why == "" {
		outlets, err := r.store.ListOutlets(ctx)
		if err != nil {
			return err
		}
		r.pipeline.Tell = r.newsDesk(con, outlets).tell
		say(fmt.Sprintf("following %s; stop with Ctrl-C", count(len(outlets), "outlet")))
	} else {
		say("showing what is there, and following nothing: " + why)
	}
	return front.run(ctx, why == "")
}

// run serves and follows until the context ends or either fails.
func (f *front) run(ctx context.Context, follow bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if f.cert != nil {
		defer f.reload(ctx)()
	}
	followed := make(chan error, 1)
	go func() {
		if !follow {
			followed <- nil
			return
		}
		err := f.record.pipeline.Run(ctx)
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
			err = nil
		}
		cancel()
		followed <- err
	}()
	notified := make(chan struct{})
	go func() {
		defer close(notified)
		if f.record.archive != nil { // else another program sends it
			f.notify.Run(ctx)
		}
	}()
	err := f.serve(ctx)
	cancel()
	<-notified
	return errors.Join(err, <-followed)
}

// reload reads the certificate again on SIGHUP, until the returned function is
// called.
func (f *front) reload(ctx context.Context) (stop func()) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGHUP)
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-asked:
			}
			f.cert.tell(f.cert.load())
		}
	}()
	return func() { signal.Stop(asked) }
}
