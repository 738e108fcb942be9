package web

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline/internal/access"
	"dateline/internal/notify"
	"dateline/internal/store"
	"dateline/internal/web/webtest"
)

// mailServer takes mails and hands on each as it is.
func mailServer(t *testing.T) (*notify.Mail, chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	mails := make(chan string, 100)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r, to := bufio.NewReader(c), ""
				say := func(s string) { io.WriteString(c, s+"\r\n") }
				say("220 mail.example ESMTP")
				for {
					line, err := r.ReadString('\n')
					if err != nil {
						return
					}
					switch verb, rest, _ := strings.Cut(strings.TrimSpace(line), " "); strings.ToUpper(verb) {
					case "RCPT":
						to = rest
						say("250 ok")
					case "DATA":
						say("354 go on")
						var text strings.Builder
						for line, err := r.ReadString('\n'); err == nil && line != ".\r\n"; line, err = r.ReadString('\n') {
							text.WriteString(line)
						}
						mails <- to + "\n" + strings.ReplaceAll(strings.ReplaceAll(text.String(), "=\r\n", ""), "=3D", "=")
						say("250 taken")
					default:
						say("250 ok")
					}
				}
			}()
		}
	}()
	return &notify.Mail{Host: "127.0.0.1", Port: int(netip.MustParseAddrPort(l.Addr().String()).Port()), From: "record@newsroom.example", Plain: true}, mails
}

// TestMailIsWanted has a user name addresses of mail: nothing but a question
// goes to one from which nobody has said that it is wanted, and not often.
func TestMailIsWanted(t *testing.T) {
	r := webtest.New(t)
	now := r.Now
	clock := func() time.Time { return now }
	s, err := New(Options{Store: r.Store, Archive: r.Archive, Analyzer: r.Analyzer, Packs: r.Packs, Now: clock, Log: slog.New(slog.DiscardHandler), Version: "test",
		Guard: &access.Guard{Users: r.Store, Now: clock}, Public: "https://record.example"})
	if err != nil {
		t.Fatal(err)
	}
	m, mails := mailServer(t)
	s.Notify.Mail = m
	h := s.Handler()
	sent := func() (all []string) {
		for {
			select {
			case x := <-mails:
				all = append(all, x)
			default:
				return all
			}
		}
	}
	tokens := map[string]string{}
	for _, x := range []struct {
		name string
		role access.Role
	}{{"ada", access.Admin}, {"bo", access.Reader}} {
		u, err := s.Guard.AddUser(t.Context(), x.name, x.role, "a ferry at the quay")
		if err != nil {
			t.Fatal(err)
		}
		if tokens[x.name], _, err = s.Guard.AddToken(t.Context(), u.N, "test", []access.Scope{access.Desk}, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(who, method, path string, kv ...string) *httptest.ResponseRecorder {
		t.Helper()
		form := url.Values{}
		for i := 0; i < len(kv); i += 2 {
			form.Set(kv[i], kv[i+1])
		}
		req := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if who != "" {
			req.Header.Set("Authorization", "Bearer "+tokens[who])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		return w
	}
	search := func() store.SavedSearch {
		t.Helper()
		list, err := r.Store.ListSearches(t.Context(), -1)
		if err != nil || len(list) == 0 {
			t.Fatal(list, err)
		}
		return list[0]
	}
	w := ask("bo", "POST", "/searches", "query", "has:figure", "name", "Buy now at https://evil.example", "mail", "stranger@elsewhere.example")
	if w.Code != 303 || !strings.Contains(w.Header().Get("Location"), "asked=stranger%40elsewhere.example") {
		t.Fatalf("%d %s", w.Code, w.Header())
	}
	if w := ask("bo", "GET", w.Header().Get("Location")); !strings.Contains(w.Body.String(), "stranger@elsewhere.example") {
		t.Error("the page does not say that the address was asked")
	}
	got := sent()
	if len(got) == 1 && strings.Contains(got[0], search().ID) {
		t.Error("the mail tells the secret of the search's feed")
	}
	if len(got) != 1 || !strings.HasPrefix(got[0], "TO:<stranger@elsewhere.example>") || strings.Contains(got[0], "Buy now") || !strings.Contains(got[0], "bo asks") {
		t.Fatalf("sent: %q", got)
	}
	link := regexp.MustCompile(`https://record\.example(/confirm\?t=[A-Za-z0-9_.-]+)`).FindStringSubmatch(got[0])
	if link == nil {
		t.Fatalf("no link in %s", got[0])
	}
	s1 := search()
	if s1.Mail != "" {
		t.Errorf("the address is kept: %q", s1.Mail)
	}
	if err := s.Notify.Round(t.Context()); err != nil || len(sent()) != 0 {
		t.Error("news is sent to who has not said that they want it")
	}
	if w := ask("bo", "POST", "/searches/"+s1.ID+"/sample"); len(sent()) != 0 {
		t.Errorf("a sample is sent: %d", w.Code)
	}
	// What is forged, changed or over does nothing.
	_, ticket, _ := strings.Cut(link[1], "=")
	over, err := s.questions.put(question{s1.ID, "a@b.example", now}, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "x", ticket + "A", "A" + ticket, strings.ToLower(ticket), over, s1.ID} {
		if w := ask("", "POST", "/confirm", "t", bad); w.Code != 400 {
			t.Errorf("%.40s: %d", bad, w.Code)
		}
	}
	if w := ask("", "GET", link[1]); w.Code != 200 || !strings.Contains(w.Body.String(), "stranger@elsewhere.example") || search().Mail != "" {
		t.Errorf("the link: %d, %q", w.Code, search().Mail)
	}
	if w := ask("", "POST", "/confirm", "t", ticket); w.Code != 200 || search().Mail != "stranger@elsewhere.example" {
		t.Errorf("confirmed: %d, %q", w.Code, search().Mail)
	}
	// From then on the user may name it again; another user may not.
	ask("bo", "POST", "/searches", "query", "x", "mail", "Stranger@elsewhere.example")
	ask("ada", "POST", "/searches", "query", "y", "mail", "stranger@elsewhere.example")
	if got := sent(); len(got) != 1 || !strings.Contains(got[0], "ada asks") {
		t.Errorf("sent: %q", got)
	}
	// A change of address is asked for, and the one before stays until then.
	ask("bo", "POST", "/searches/"+s1.ID, "query", "has:figure", "mail", "other@elsewhere.example")
	if s1, _ := r.Store.SavedSearch(t.Context(), s1.ID); s1.Mail != "stranger@elsewhere.example" || len(sent()) != 1 {
		t.Errorf("the address is %q", s1.Mail)
	}
	// Samples are few, also where they go to somebody else each time.
	n := 0
	for range 30 {
		if w := ask("bo", "POST", "/searches/"+s1.ID+"/sample"); w.Code == 303 {
			n++
		} else if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if got := len(sent()); n != got || n != addressed-2 {
		t.Errorf("%d samples, %d mails", n, got)
	}
	for i := range 30 {
		ask("bo", "POST", "/searches", "query", "x", "mail", "a"+string(rune('a'+i))+"@elsewhere.example")
	}
	if got := len(sent()); got > pressed {
		t.Errorf("%d strangers are written to", got)
	}
	now = now.Add(addressedAgain)
	if w := ask("bo", "POST", "/searches/"+s1.ID+"/sample"); w.Code != 303 || len(sent()) != 1 {
		t.Errorf("an hour later: %d", w.Code)
	}
}

// TestGivenUpSearch shows a search that is sent no more, with a way to have it
// sent again.
func TestGivenUpSearch(t *testing.T) {
	srv, r := site(t)
	v, err := r.Store.PutSearch(t.Context(), store.SavedSearch{Name: "lost", Query: "has:figure", Webhook: "https://hook.example/"})
	if err != nil {
		t.Fatal(err)
	}
	v.Failures, v.Error, v.SentAt = 20, "it answers 500", r.Now
	if err := r.Store.SearchSent(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	_, body := visit(t, srv.URL+"/searches")
	if !strings.Contains(body, "Given up after 20 tries") || !strings.Contains(body, "it answers 500") || !strings.Contains(body, `action="/searches/`+v.ID+`/again"`) {
		t.Errorf("the page does not say that it was given up: %s", excerpt(body))
	}
	if resp, body := send(t, srv.URL+"/searches/"+v.ID+"/again"); resp.StatusCode != 303 {
		t.Errorf("again: %d %s", resp.StatusCode, body)
	}
	if v, _ := r.Store.SavedSearch(t.Context(), v.ID); v.Failures != 0 || v.Error != "" {
		t.Errorf("%+v", v)
	}
	if resp, _ := send(t, srv.URL+"/searches/none/again"); resp.StatusCode != 404 {
		t.Errorf("again of none: %d", resp.StatusCode)
	}
}
