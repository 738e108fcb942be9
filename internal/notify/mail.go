package notify

import (
	"context"
	"crypto/rand"
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
	return m.send(ctx, to, message.ID, subject(message), body(message), message.At)
}

// Ask asks at an address whether news may be sent there, for a user by that
// name, who is answered by opening the link. Nothing of it but the user's name is
// chosen by who asks, so that it carries no words of theirs to strangers.
func (m *Mail) Ask(ctx context.Context, to, user, link string, at time.Time) error {
	text := fmt.Sprintf("%s asks Dateline, a record of the news, to send what a search finds to this address.\n\nIf you want that, open this within a day:\n\n  %s\n\nIf not, do nothing: nothing more is sent.\n", oneLine(user), link)
	return m.send(ctx, to, fmt.Sprintf("ask-%s", rand.Text()), "May news be sent to this address?", text, at)
}

// send sends a mail of plain text.
func (m *Mail) send(ctx context.Context, to, id, subject, text string, at time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, sending)
	defer cancel()
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.From(m.From); err != nil {
		return fmt.Errorf("mail from %.100q: %w", m.From, err)
	}
	if err := msg.To(to); err != nil {
		return fmt.Errorf("mail to %.100q: %w", to, err)
	}
	msg.Subject(subject)
	msg.SetDateWithValue(at)
	msg.SetMessageIDWithValue(id + "@dateline")
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, text)
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
	if err := client.DialWithContext(ctx); err != nil {
		return fmt.Errorf("send mail through %s: %w", m.Host, err)
	}
	defer client.Close() // a mail that was taken is, however the server parts
	if err := client.Send(msg); err != nil && !msg.IsDelivered() {
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
	// What looks like an encoded word would be decoded where it is read.
	s := fmt.Sprintf("%s: %s new", strings.ReplaceAll(oneLine(m.Search), "=?", "= ?"), n)
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

// oneLine is a text without characters that are not seen, in one line, in the
// order it is written.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	}), " ")
}
