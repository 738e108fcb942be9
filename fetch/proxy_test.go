package fetch

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// newProxy starts a proxy on loopback that asks for a name and a password and
// connects everyone to target.
func newProxy(t *testing.T, scheme, target string) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if scheme == "http" && !proxyHTTP(conn) || scheme == "socks5" && !proxySOCKS(conn) {
					return
				}
				to, err := net.Dial("tcp", target)
				if err != nil {
					return
				}
				defer to.Close()
				go io.Copy(to, conn)
				io.Copy(conn, to)
			}()
		}
	}()
	return &url.URL{Scheme: scheme, Host: l.Addr().String(), User: url.UserPassword("desk", "secret")}
}

// proxyHTTP reads a byte at a time, so as to take nothing of what comes after.
func proxyHTTP(conn net.Conn) bool {
	req, err := http.ReadRequest(bufio.NewReaderSize(onebyte{conn}, 16))
	if err != nil || req.Method != http.MethodConnect || req.Header.Get("Proxy-Authorization") != "Basic ZGVzazpzZWNyZXQ=" {
		io.WriteString(conn, "HTTP/1.1 407 No\r\n\r\n")
		return false
	}
	io.WriteString(conn, "HTTP/1.1 200 Connected\r\n\r\n")
	return true
}

type onebyte struct{ net.Conn }

func (o onebyte) Read(p []byte) (int, error) { return o.Conn.Read(p[:1]) }

// proxySOCKS is the server's side of RFC 1928 and 1929, as far as needed.
func proxySOCKS(conn net.Conn) bool {
	next := func(n int) []byte {
		b := make([]byte, n)
		io.ReadFull(conn, b)
		return b
	}
	next(int(next(2)[1]))
	conn.Write([]byte{5, 2})
	name := string(next(int(next(2)[1])))
	secret := string(next(int(next(1)[0])))
	if name != "desk" || secret != "secret" {
		return false
	}
	conn.Write([]byte{1, 0})
	switch next(4)[3] {
	case 1:
		next(4)
	case 3:
		next(int(next(1)[0]))
	}
	next(2)
	conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	return true
}

func TestProxySecretNotKept(t *testing.T) {
	address, asked, c := serveBytes(t, "HTTP/1.1 200 OK\r\n\r\nok")
	proxy, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy.User = url.UserPassword("desk", "secret")
	c.Proxy = proxy
	ex, err := c.Get(t.Context(), "http://outlet.example/a")
	if err != nil || string(ex.Body) != "ok" {
		t.Fatalf("got %+v, %v", ex, err)
	}
	if sent := (*asked)[0]; !strings.HasPrefix(sent, "GET http://outlet.example/a HTTP/1.1\r\nHost: outlet.example\r\n") ||
		!strings.Contains(sent, "\r\nProxy-Authorization: Basic ZGVzazpzZWNyZXQ=\r\n") {
		t.Errorf("sent %q", sent)
	}
	if kept := string(ex.Hops[0].Request); strings.Contains(kept, "Proxy-Authorization") {
		t.Errorf("kept %q", kept)
	}
	c.Proxy = newProxy(t, "http", "127.0.0.1:1")
	c.Proxy.User = nil
	if _, err := c.Get(t.Context(), "https://outlet.example/"); err == nil || !strings.HasSuffix(err.Error(), "proxy answered 407 No: refused") {
		t.Errorf("no password: %v", err)
	}
	c.Proxy = &url.URL{Scheme: "ftp", Host: "127.0.0.1"}
	if _, err := c.Get(t.Context(), "https://outlet.example/"); err == nil || !strings.HasSuffix(err.Error(), "proxy with scheme ftp: invalid") {
		t.Errorf("no such proxy: %v", err)
	}
}
