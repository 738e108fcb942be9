package notify

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/wneessen/go-mail"
)

// Mail sends messages as mails of plain text.
type Mail struct {
	Host     string
	Port     int    // 587 where 0
	User     string // empty for a server that asks for none
	Password string
	From     string
	// Plain allows a server without TLS, as one on the same machine is.
	Plain bool
}

// sending is how long a mail server may take.
const sending = 30 * time.Second

// Send sends a message to an address.
func (m *Mail) Send(ctx context.Context, to string, message Message) error {
	ctx, cancel := context.WithTimeout(ctx, sending)
	defer cancel()
	msg := mail.NewMsg()
	if err := msg.From(m.From); err != nil {
		return fmt.Errorf("mail from %.100q: %w", m.From, err)
	}
	if err := msg.To(to); err != nil {
		return fmt.Errorf("mail to %.100q: %w", to, err)
	}
	msg.Subject(subject(message))
	msg.SetDateWithValue(message.At)
	msg.SetMessageIDWithValue(message.ID + "@dateline")
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, body(message))
	options := []mail.Option{mail.WithPort(m.port()), mail.WithTimeout(sending), mail.WithTLSPortPolicy(m.policy())}
	if m.Port != 0 {
		options = append(options, mail.WithPort(m.Port)) // the policy has set its own
	}
	if m.Port == 465 {
		options = append(options, mail.WithSSL())
	}
	if m.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	client, err := mail.NewClient(m.Host, options...)
	if err != nil {
		return fmt.Errorf("mail server %s: %w", m.Host, err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("send mail through %s: %w", m.Host, err)
	}
	return nil
}

func (m *Mail) port() int {
	if m.Port == 0 {
		return 587
	}
	return m.Port
}

func (m *Mail) policy() mail.TLSPolicy {
	if m.Plain {
		return mail.TLSOpportunistic
	}
	return mail.TLSMandatory
}

func subject(m Message) string {
	n := fmt.Sprint(len(m.Items))
	if m.More {
		n = "more than " + n
	}
	s := fmt.Sprintf("%s: %s new", oneLine(m.Search), n)
	if m.Sample {
		s = "Sample of " + s
	}
	return s
}

// body lists the items: what outlets wrote is text here, a line each.
func body(m Message) string {
	var b strings.Builder
	for _, it := range m.Items {
		b.WriteString(oneLine(it.Title) + "\n")
		about := []string{oneLine(it.Outlet), it.Time.UTC().Format("2006-01-02 15:04 UTC")}
		for _, f := range it.Figures {
			about = append(about, oneLine(f))
		}
		b.WriteString("  " + strings.TrimPrefix(strings.Join(about, " · "), " · ") + "\n  " + it.Link + "\n\n")
	}
	if m.More {
		b.WriteString("There are more.\n\n")
	}
	fmt.Fprintf(&b, "Search: %s\n%s\n", oneLine(m.Query), m.Link)
	return b.String()
}

// oneLine is a text without characters that are not seen, in one line.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
}
