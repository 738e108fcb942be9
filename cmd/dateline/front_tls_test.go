package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/access"
	"dateline/internal/config"
)

// TestTLS serves by TLS, and takes another certificate while it does.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	put := func(file string, b []byte) {
		t.Helper()
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, key := makePEM(t, "record.example", time.Now().Add(24*time.Hour))
	put(certFile, cert)
	put(keyFile, key)
	settings, err := config.Load(config.Sources{Flags: map[string]string{"data.dir": t.TempDir(), "serve.listen": "127.0.0.1:0", "serve.replay": "127.0.0.1:0", "serve.tls_cert": certFile, "serve.tls_key": keyFile}})
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	r, err := ownRecord(t.Context(), settings, console{out: &said, err: &said}, fetch.Guard{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	f, err := openFront(r, &access.Guard{Users: r.store, Open: true, Hosts: []string{"record.example"}, Now: time.Now}, true)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	if !strings.HasPrefix(f.address, "https://127.0.0.1:") {
		t.Errorf("it is at %s", f.address)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- f.run(ctx, false) }()
	defer func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(cert)
	client := func(l int, most uint16) *http.Client {
		return &http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10, MaxVersion: most}, ForceAttemptHTTP2: true,
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, f.lines[l].Addr().String())
			},
		}}
	}
	for _, x := range []struct {
		version uint16
		ok      bool
	}{{tls.VersionTLS10, false}, {tls.VersionTLS11, false}, {tls.VersionTLS12, true}, {tls.VersionTLS13, true}} {
		for l, path := range []string{"/healthz", "/1"} {
			c := client(l, x.version)
			resp, err := c.Get("https://record.example" + path)
			if x.ok != (err == nil) {
				t.Errorf("by %s: %v", tls.VersionName(x.version), err)
			}
			if err != nil {
				continue
			}
			resp.Body.Close()
			c.CloseIdleConnections()
			if resp.ProtoMajor != 2 || resp.TLS.Version != x.version || resp.Header.Get("Strict-Transport-Security") != "max-age=7776000" {
				t.Errorf("%s by %s: %s, %v", path, tls.VersionName(x.version), resp.Proto, resp.Header)
			}
		}
	}
	// Nothing is asked of browsers for names that other programs have, too.
	for host, want := range map[string]string{"record.example": "max-age=7776000", "localhost:8080": "", "127.0.0.1": "", "[::1]:443": ""} {
		req, _ := http.NewRequest("GET", "https://record.example/healthz", nil)
		req.Host = host
		resp, err := client(0, tls.VersionTLS13).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.Header.Get("Strict-Transport-Security"); got != want {
			t.Errorf("%s: %q", host, got)
		}
	}
	// A new certificate comes without a restart, and connections are not cut.
	old := client(0, tls.VersionTLS13)
	asks := func(c *http.Client) string {
		t.Helper()
		resp, err := c.Get("https://record.example/healthz")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.TLS.PeerCertificates[0].SerialNumber.String()
	}
	first := asks(old)
	now := func() string { return asks(client(0, tls.VersionTLS13)) }
	look := func() {
		f.cert.mu.Lock()
		f.cert.looked = time.Time{} // as if it were a while ago
		f.cert.mu.Unlock()
	}
	cert, key = makePEM(t, "record.example", time.Now().Add(48*time.Hour))
	roots.AppendCertsFromPEM(cert)
	put(certFile, cert)
	look()
	if got := now(); got != first {
		t.Errorf("with half of a new pair, certificate %s", got)
	}
	put(keyFile, key)
	look()
	second := now()
	if second == first || asks(old) != first {
		t.Errorf("certificates %s, %s, %s", first, second, asks(old))
	}
	if runtime.GOOS != "windows" {
		cert, key = makePEM(t, "record.example", time.Now().Add(72*time.Hour))
		roots.AppendCertsFromPEM(cert)
		put(certFile, cert)
		put(keyFile, key)
		self, err := os.FindProcess(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if err := self.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		waitFor(t, 5*time.Second, "the certificate is read again on SIGHUP", func() bool { return now() != second })
	}
	old.CloseIdleConnections()
}

// TestBadCertificates says of each what is wrong with it.
func TestBadCertificates(t *testing.T) {
	cert, key := makePEM(t, "record.example", time.Now().Add(time.Hour))
	_, other := makePEM(t, "record.example", time.Now().Add(time.Hour))
	ca, _ := makePEM(t, "authority.example", time.Now().Add(time.Hour))
	over, overKey := makePEM(t, "record.example", time.Now().Add(-time.Hour))
	locked := []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n")
	for name, x := range map[string]struct {
		cert, key  []byte
		want, warn string
	}{
		"good":        {cert, key, "", ""},
		"chain":       {append(bytes.Clone(cert), ca...), key, "", ""},
		"over":        {over, overKey, "", "is over since"},
		"exchanged":   {key, cert, "serve.tls_cert: CERT has a key and no certificate; CERT and KEY may be exchanged", ""},
		"another's":   {cert, other, "serve.tls_key: KEY is not the key of the first certificate in CERT", ""},
		"wrong order": {append(bytes.Clone(ca), cert...), key, "serve.tls_key: KEY is not the key of the first certificate in CERT, which is that of authority.example; a chain begins with the server's own", ""},
		"locked":      {cert, locked, "serve.tls_key: the key in KEY is locked by a password; unlock it: openssl pkey -in KEY -out", ""},
		"no PEM":      {[]byte("hello"), key, "serve.tls_cert: CERT has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----", ""},
		"empty key":   {cert, nil, "serve.tls_key: KEY has no key in PEM", ""},
		"broken":      {[]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), key, "serve.tls_cert: the certificate in CERT cannot be read", ""},
		"not there":   {nil, key, "serve.tls_cert: open CERT", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var log bytes.Buffer
			c := &certificate{cert: filepath.Join(dir, "cert"), key: filepath.Join(dir, "key"), log: slog.New(slog.NewTextHandler(&log, nil))}
			for file, b := range map[string][]byte{c.cert: x.cert, c.key: x.key} {
				if b == nil && file == c.cert {
					continue
				}
				if err := os.WriteFile(file, b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			err := c.load()
			want := strings.NewReplacer("CERTIFICATE", "CERTIFICATE", "CERT", c.cert, "KEY", c.key).Replace(x.want)
			if want == "" {
				if err != nil || (x.warn == "") != (log.Len() == 0) || !strings.Contains(log.String(), x.warn) {
					t.Errorf("%v, the log says %s", err, &log)
				}
				return
			}
			if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, want %s", err, want)
			}
			if !errors.Is(err, dateline.ErrInvalid) && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%v is of no class", err)
			}
		})
	}
}

// makePair makes a certificate for a host, with its key.
func makePair(t *testing.T, host string, until time.Time) tls.Certificate {
	t.Helper()
	cert, key := makePEM(t, host, until)
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// makePEM makes a certificate of a name or an address that signs itself, and its
// key.
func makePEM(t *testing.T, host string, until time.Time) (cert, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: host}, NotBefore: until.Add(-365 * 24 * time.Hour), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true}
	if ip := net.ParseIP(host); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else {
		c.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
}
