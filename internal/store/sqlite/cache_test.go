package sqlite

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestRemember asks again and again while time passes: an answer that is old
// is made anew behind the back of who asks, one that is too old is waited for.
func TestRemember(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Store{now: time.Now}
		made, over, fails := 0, answersFrom, error(nil)
		takes, part := time.Duration(0), false
		hold := make(chan struct{})
		close(hold)
		ask := func() (int, error) {
			return remember(t.Context(), s, "question", func(ctx context.Context, m *making) (int, error) {
				made++
				v := made
				<-hold
				time.Sleep(takes)
				m.over, m.part = over, part && !m.behind
				return v, fails
			})
		}
		want := func(what string, answer, times int) {
			t.Helper()
			got, err := ask()
			synctest.Wait()
			if err != nil || got != answer || made != times {
				t.Fatalf("%s: answer %d, made %d times, %v; want %d, %d", what, got, made, err, answer, times)
			}
		}
		want("first", 1, 1)
		want("at once", 1, 1)
		time.Sleep(answersFor)
		want("old", 1, 2)
		want("made anew", 2, 2)
		time.Sleep(2 * answersFor)
		want("too old", 3, 3)

		// What is forgotten while it is made anew does not come back.
		time.Sleep(answersFor)
		hold = make(chan struct{})
		want("old, held", 3, 4)
		s.answers.forget()
		close(hold)
		synctest.Wait()
		want("forgotten", 5, 5)

		// Nor is that made which made room for others while it waited its turn.
		renew(t.Context(), s, "question", new(answer), func(context.Context, *making) (int, error) {
			t.Error("an answer that nobody has is made")
			return 0, nil
		})

		// What cannot be made anew is asked for again.
		time.Sleep(answersFor)
		fails = errors.New("no")
		want("old, failing", 5, 6)
		if _, err := ask(); err != fails {
			t.Fatalf("failing: %v", err)
		}
		fails = nil
		want("no more failing", 8, 8)

		// What took long is good for long.
		takes = time.Second
		time.Sleep(2 * answersFor)
		want("slow", 9, 9)
		time.Sleep(answersTimes*takes - time.Second)
		want("slow, not yet old", 9, 9)
		time.Sleep(2 * time.Second)
		want("slow, old", 9, 10)
		time.Sleep(answersTime)
		synctest.Wait()
		takes = 0

		// What is of a part is made of all, behind the back of who asked.
		part = true
		s.answers.forget()
		want("in part", 11, 11)
		time.Sleep(answersPause)
		synctest.Wait()
		want("of all", 12, 12)
		s.answers.forget()

		part, made, over = false, 7, answersFrom-1
		want("few", 8, 8)
		want("few again", 9, 9)
	})
}
