package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"dateline"
)

// lookAgain is how often the files of a certificate are looked at, at most.
const lookAgain = 10 * time.Second

// certificate is one that is served with. It is read again when its files are
// others, or it is asked to; where they are no pair, as between the writing of
// one and the other, it stays as it was.
type certificate struct {
	cert, key string
	log       *slog.Logger

	mu     sync.Mutex
	now    *tls.Certificate
	files  string    // as they were when they were read last
	looked time.Time // at the files
}

// load reads the files, and says what is wrong with them.
func (c *certificate) load() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read()
}

func (c *certificate) read() error {
	c.looked, c.files = time.Now(), state(c.cert)+state(c.key)
	cert, err := os.ReadFile(c.cert)
	if err != nil {
		return fmt.Errorf("serve.tls_cert: %w", err)
	}
	key, err := os.ReadFile(c.key)
	if err != nil {
		return fmt.Errorf("serve.tls_key: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return fmt.Errorf("%s: %w", c.wrong(cert, key, err), dateline.ErrInvalid)
	}
	c.now = &pair
	if until := pair.Leaf.NotAfter; time.Now().After(until) {
		c.log.Warn("the certificate is over since "+until.Format(time.DateTime)+", and browsers refuse it; renew it", "file", c.cert)
	}
	return nil
}

// state tells a file from itself when it is another.
func state(file string) string {
	info, err := os.Stat(file)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(info.ModTime().UnixNano(), " ", info.Size(), " ")
}

// wrong says what is wrong with a pair.
func (c *certificate) wrong(cert, key []byte, err error) string {
	first := block(cert, "CERTIFICATE")
	locked := block(key, "ENCRYPTED PRIVATE KEY") != nil || bytes.Contains(key, []byte("Proc-Type: 4,ENCRYPTED"))
	switch {
	case first == nil && block(cert, "PRIVATE KEY") != nil:
		return fmt.Sprintf("serve.tls_cert: %s has a key and no certificate; %s and %s may be exchanged", c.cert, c.cert, c.key)
	case first == nil:
		return fmt.Sprintf("serve.tls_cert: %s has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----", c.cert)
	case locked:
		return fmt.Sprintf("serve.tls_key: the key in %s is locked by a password; unlock it: openssl pkey -in %s -out %s.open", c.key, c.key, c.key)
	case block(key, "PRIVATE KEY") == nil:
		return fmt.Sprintf("serve.tls_key: %s has no key in PEM, which begins with -----BEGIN PRIVATE KEY-----", c.key)
	}
	leaf, parseErr := x509.ParseCertificate(first.Bytes)
	switch {
	case parseErr != nil:
		return fmt.Sprintf("serve.tls_cert: the certificate in %s cannot be read: %v", c.cert, parseErr)
	case strings.Contains(err.Error(), "does not match"):
		name := leaf.Subject.CommonName
		if len(leaf.DNSNames) > 0 {
			name = leaf.DNSNames[0]
		}
		return fmt.Sprintf("serve.tls_key: %s is not the key of the first certificate in %s, which is that of %s; a chain begins with the server's own", c.key, c.cert, plainLine(name))
	}
	return fmt.Sprintf("serve.tls_key: the key in %s cannot be used: %v", c.key, err)
}

// block is the first of a kind in PEM; nil for none.
func block(b []byte, kind string) *pem.Block {
	for {
		var p *pem.Block
		if p, b = pem.Decode(b); p == nil || strings.HasSuffix(p.Type, kind) {
			return p
		}
	}
}

// current is the certificate for who connects now.
func (c *certificate) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) >= lookAgain {
		if c.looked = time.Now(); c.files != state(c.cert)+state(c.key) {
			c.tell(c.read())
		}
	}
	return c.now, nil
}

// tell logs what came of reading the certificate again.
func (c *certificate) tell(err error) {
	if err != nil {
		c.log.Error("the certificate stays as it was", "err", err)
	} else {
		c.log.Info("the certificate is read again")
	}
}

// strict has browsers ask by TLS alone from now on, for a while that each answer
// prolongs. Names that other programs have as well, those of this machine, are
// left alone.
func strict(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err != nil && !strings.EqualFold(host, "localhost") {
			w.Header().Set("Strict-Transport-Security", "max-age=7776000") // 90 days
		}
		next.ServeHTTP(w, r)
	})
}
