package main

import (
	"fmt"
	"net/mail"
	"os"
	"strings"
	"time"

	"dateline/fetch"
	"dateline/internal/notify"
)

// newNotifier makes what sends news of saved searches, with links to pages at
// an address.
func newNotifier(r *record, pages string) (*notify.Notifier, error) {
	n := &notify.Notifier{
		Store: r.store, Analyzer: r.pipeline.Analyzer, Now: time.Now, Log: r.log,
		Webhooks: notify.NewWebhooks(fetch.Guard{AllowPrivate: r.settings.Notify.AllowPrivate}, version(), time.Now),
		Link:     func(path string) string { return pages + path },
	}
	m := &r.settings.Mail
	if m.Host == "" {
		return n, nil
	}
	if _, err := mail.ParseAddress(m.From); err != nil {
		return nil, fmt.Errorf("mail.from is to be the address that mail comes from, such as record@newsroom.example, not %q", m.From)
	}
	n.Mail = &notify.Mail{Host: m.Host, Port: m.Port, User: m.User, From: m.From, Plain: m.Plain}
	if m.PasswordFile != "" {
		b, err := os.ReadFile(m.PasswordFile)
		if err != nil {
			return nil, fmt.Errorf("mail.password_file: %w", err)
		}
		n.Mail.Password = strings.TrimRight(string(b), "\r\n")
	}
	return n, nil
}
