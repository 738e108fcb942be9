package sqlite

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline"
	"dateline/internal/store"
)

const crashEnv = "DATELINE_TEST_CRASH"

// TestMain is also the program that the crash test kills: it keeps pages, and
// says of each that it is kept when the store has said so.
func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		crashing(path)
		return
	}
	os.Exit(m.Run())
}

func crashing(path string) {
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	tot, err := s.Totals(context.Background())
	if err != nil {
		fmt.Println("error", err)
		return
	}
	m := newMaker()
	m.n = tot.Pages + 1000*int(time.Now().UnixNano()%1000) // other pages each time
	var mu sync.Mutex
	for range 4 {
		go func() {
			for {
				mu.Lock()
				v := m.page()
				mu.Unlock()
				if err := put(s, &v); err != nil {
					fmt.Println("error", err)
					os.Exit(1)
				}
				fmt.Println("kept", v.found.Key)
			}
		}()
	}
	select {}
}

// TestCrash kills a process in the middle of writing, again and again: all
// that was acknowledged is there, whole, and nothing is damaged.
func TestCrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dateline.db")
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	var kept []string
	for round := range rounds {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), crashEnv+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		n := 0
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			word, rest, _ := strings.Cut(lines.Text(), " ")
			if word != "kept" {
				t.Fatal(lines.Text())
			}
			kept = append(kept, rest)
			if n++; n == 5+round*7 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // it was killed

		began := time.Now()
		s, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Free(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Logf("round %d: %d kept, opened again in %v", round, len(kept), time.Since(began))
		for _, k := range kept {
			p, err := s.PageOf(t.Context(), k)
			if err != nil {
				t.Fatalf("round %d: acknowledged and lost: %v", round, err)
			}
			a, err := s.Article(t.Context(), p.Version)
			if err != nil || len(a.Annotations) != 60 {
				t.Fatalf("round %d: %s: %v, %v", round, k, a, err)
			}
		}
		if bad, err := s.Check(t.Context()); err != nil || len(bad) > 0 {
			t.Fatalf("round %d: %v, %v", round, bad, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestBackup copies the store while it is written; the copy is whole.
func TestBackup(t *testing.T) {
	s := openBench(t)
	m := newMaker()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	first := make(chan struct{})
	wg.Go(func() {
		for n := 0; ; n++ {
			if n == 20 {
				close(first)
			}
			select {
			case <-stop:
				return
			default:
			}
			v := m.page()
			if err := put(s, &v); err != nil {
				t.Error(err)
				return
			}
		}
	})
	<-first
	path := filepath.Join(t.TempDir(), "copy.db")
	err := s.Backup(t.Context(), path)
	bad, errCheck := s.Check(t.Context())
	if errCheck != nil || len(bad) > 0 {
		t.Errorf("checked while it is written: %v, %v", bad, errCheck)
	}
	close(stop)
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), path); err == nil {
		t.Error("a backup took the place of another")
	}
	c, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if bad, err := c.Check(t.Context()); err != nil || len(bad) > 0 {
		t.Errorf("%v, %v", bad, err)
	}
	if tot, err := c.Totals(t.Context()); err != nil || tot.Articles < 20 || tot.Marks != 60*tot.Articles && tot.Marks != 60*(tot.Articles-1) {
		t.Errorf("%+v, %v", tot, err)
	}
}

// TestErased looks into the files for the words that were erased.
func TestErased(t *testing.T) {
	s := openBench(t)
	m := newMaker()
	const secret = "zxqrahasia"
	var victims, captures []int64
	for i := range 60 {
		v := m.page()
		if i%6 == 3 {
			v.found.URL = "https://h1.example/" + secret + fmt.Sprint(i)
			v.found.Key = "h1.example/" + secret + fmt.Sprint(i)
			v.found.Title = secret
			v.reading.Article.Title = secret
			v.reading.Terms.Text = append(v.reading.Terms.Text, secret)
			v.reading.Terms.Title = []string{secret}
			v.marks[3].Value = []byte(`{"name":"` + secret + `"}`)
		}
		if err := put(s, &v); err != nil {
			t.Fatal(err)
		}
		if i%6 == 3 {
			p, err := s.PageOf(t.Context(), v.found.Key)
			if err != nil {
				t.Fatal(err)
			}
			victims = append(victims, p.N)
		}
	}
	if n := occurrences(t, s, secret); n == 0 {
		t.Fatal("the words are not where this test looks for them")
	}
	gone, err := s.Erase(t.Context(), victims, "", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range gone.Captures {
		captures = append(captures, k.N)
	}
	if err := s.EraseDone(t.Context(), captures); err != nil {
		t.Fatal(err)
	}
	if n := occurrences(t, s, secret); n != 0 {
		t.Errorf("%d traces are left", n)
	}
	if bad, err := s.Check(t.Context()); err != nil || len(bad) > 0 {
		t.Errorf("%v, %v", bad, err)
	}
}

// TestCheckAgain checks a store whose index is laid out otherwise than at the
// check before.
func TestCheckAgain(t *testing.T) {
	s := openBench(t)
	m := newMaker()
	for range 2 {
		v := m.page()
		if err := put(s, &v); err != nil {
			t.Fatal(err)
		}
		p, err := s.PageOf(t.Context(), v.found.Key)
		if err != nil {
			t.Fatal(err)
		}
		check := func() {
			t.Helper()
			if bad, err := s.Check(t.Context()); err != nil || len(bad) > 0 {
				t.Errorf("%v, %v", bad, err)
			}
		}
		check()
		gone, err := s.Erase(t.Context(), []int64{p.N}, "", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		check()
		for _, k := range gone.Captures {
			if err := s.EraseDone(t.Context(), []int64{k.N}); err != nil {
				t.Fatal(err)
			}
		}
		check()
	}
}

// occurrences counts a word in the database and its log.
func occurrences(t *testing.T, s *Store, word string) int {
	t.Helper()
	n := 0
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(s.path + suffix)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		n += strings.Count(string(data), word)
	}
	return n
}

// TestMigrate brings a file up from every earlier form, and refuses one of a
// later program.
func TestMigrate(t *testing.T) {
	for from := range latest + 1 {
		path := filepath.Join(t.TempDir(), "dateline.db")
		s := openAt(t, path, from)
		if bad, err := s.Check(t.Context()); err != nil || len(bad) > 0 {
			t.Errorf("from %d: %v, %v", from, bad, err)
		}
		var unlike int
		if err := s.db.QueryRowContext(t.Context(), "SELECT count(*) FROM capture WHERE seen <> fetched").Scan(&unlike); err != nil || unlike > 0 {
			t.Errorf("from %d: %d captures count as seen when they were not, %v", from, unlike, err)
		}
		m := newMaker()
		v := m.page()
		if err := put(s, &v); err != nil {
			t.Errorf("from %d: %v", from, err)
		}
		if err := s.writer.run(t.Context(), fmt.Sprintf("PRAGMA user_version = %d", latest+1)); err != nil {
			t.Fatal(err)
		}
		s.Close()
		_, err := Open(t.Context(), path, Options{})
		if err == nil || !errors.Is(err, dateline.ErrUnsupported) || !strings.Contains(err.Error(), "newer program") {
			t.Errorf("a newer file: %v", err)
		}
	}
	if _, err := migrations.ReadFile(fmt.Sprintf("migrations/%d.sql", latest+1)); err == nil {
		t.Errorf("there is a migration after %d, which is said to be the last", latest)
	}
}

// TestMigrateTimes sorts a version by when it was seen, where the time that it
// states was ahead when a version before it stated that.
func TestMigrateTimes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dateline.db")
	s := openAt(t, path, 9,
		"INSERT INTO file (n, name) VALUES (1, 'old.warc.gz')", "INSERT INTO code (n, name) VALUES (1, 'read/1')",
		"INSERT INTO page (n, id, url, found, title, published, mark, source, listed, version, capture) VALUES (1, 'p', 'https://kabar.example/1', 1, '', '', x'', 0, 0, 2, 2)",
		"INSERT INTO version (n, page, digest, reader, kind, language, title, published, time, current) VALUES (1, 1, x'01', 1, 'article', 'xx', 'One', '2031-05-04T15:30:00', 1935619200000, 0), (2, 1, x'02', 1, 'article', 'xx', 'Two', '2031-05-04T15:30:00', 1935675000000, 1)",
		"INSERT INTO capture (n, page, status, digest, fetched, seen, file, offset, version, truncated, feed) VALUES (1, 1, 200, x'', 1935619200000, 1935619200000, 1, 0, 1, '', 0), (2, 1, 200, x'', 1935700000000, 1935700000000, 1, 9, 2, '', 0)")
	n := 0
	for h, err := range s.List(t.Context(), store.Options{}) {
		if n++; err != nil || h.Version != 2 || ms(h.Time) != 1935619200000 {
			t.Errorf("listed %+v, %v", h, err)
		}
	}
	if n != 1 {
		t.Errorf("listed %d", n)
	}
}

// TestMigrateInherited gives the administrator there is what nobody could reach.
func TestMigrateInherited(t *testing.T) {
	for _, role := range []string{"admin", "reader"} {
		s := openAt(t, filepath.Join(t.TempDir(), "dateline.db"), 10,
			"INSERT INTO user (n, name, folded, role, password, epoch, created, seen, settings) VALUES (7, 'Ani', 'ani', '"+role+"', '', 0, 0, 0, '')",
			"INSERT INTO saved (id, user, name, query, created, seen, mail, webhook, secret, every, sent, sent_at, failures, error, retry) VALUES ('s', 0, 'Flood', 'banjir', 0, 0, '', '', '', 0, 0, 0, 0, '', 0)")
		list, err := s.ListSearches(t.Context(), 7)
		if want := role == "admin"; err != nil || (len(list) == 1) != want {
			t.Errorf("%s: %+v, %v", role, list, err)
		}
	}
}

// openAt makes a file of an earlier form with some rows, and opens it.
func openAt(t *testing.T, path string, form int, rows ...string) *Store {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := connect(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrateTo(t.Context(), c, form); err != nil {
		t.Fatal(err)
	}
	if form > 0 && form < 9 {
		rows = append(rows, "INSERT INTO file (n, name) VALUES (1, 'old.warc.gz')",
			"INSERT INTO capture (page, status, digest, fetched, file, offset, version, truncated, feed) VALUES (0, 200, x'', 1900000000000, 1, 0, 0, '', 0)")
	}
	if err := c.run(t.Context(), rows...); err != nil {
		t.Fatal(err)
	}
	c.close()
	db.Close()
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestNoDatabase opens what is none.
func TestNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dateline.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("This is a letter. ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, dateline.ErrCorrupt) {
		t.Errorf("a text file: %v", err)
	}
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "none", "dateline.db"), Options{}); err == nil {
		t.Error("a folder that is missing: no error")
	}
}
