package store

import "time"

// Silence is why nothing comes of an outlet.
type Silence string

// The reasons; Heard is that there is none.
const (
	Heard     Silence = ""
	Dropped   Silence = "dropped"   // no source of it is followed any more
	Unasked   Silence = "unasked"   // it has not been asked yet
	Failing   Silence = "failing"   // every source fails
	Elsewhere Silence = "elsewhere" // all that its sources list leads to other sites
	Empty     Silence = "empty"     // its sources list nothing
	Unhad     Silence = "unhad"     // its pages could not be had
	Quiet     Silence = "quiet"     // it answers, and has had nothing new for two weeks
)

// Silence says why nothing comes of the outlet, if nothing does. A paused one is
// silent because somebody wants that, and gives no reason.
func (o *OutletState) Silence(now time.Time) Silence {
	if len(o.States) == 0 {
		return Dropped
	}
	if o.Paused {
		return Heard
	}
	failing, asked, empty, elsewhere := 0, 0, 0, 0
	for _, s := range o.States {
		if !s.Checked.IsZero() {
			asked++
		}
		if s.Failures > 0 {
			failing++
		} else if !s.Checked.IsZero() && s.Entries == 0 {
			empty++
		} else if s.Foreign > 0 && s.Foreign == s.Entries {
			elsewhere++
		}
	}
	switch {
	case asked == 0:
		return Unasked
	case failing == len(o.States):
		return Failing
	case elsewhere == len(o.States):
		return Elsewhere
	case empty == len(o.States):
		return Empty
	case o.Articles == 0 && o.Dead > 0:
		return Unhad
	case !o.LastPage.IsZero() && now.Sub(o.LastPage) > 14*24*time.Hour:
		return Quiet
	}
	return Heard
}
