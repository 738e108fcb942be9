package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"dateline"
)

func (s *Server) settingsRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/settings", Need: anyone, Handle: (*call).settingsPage},
		{Method: "POST", Path: "/settings", Need: anyone, Handle: (*call).saveSettings, Body: strangersForm},
		{Method: "GET", Path: "/about", Page: "about", Need: looking, Handle: (*call).about},
	}
}

// languages are those of the interface, by their own names.
func (s *Server) languages() []string {
	var all []string
	for tag := range s.texts {
		all = append(all, tag)
	}
	slices.Sort(all)
	return all
}

// zones are those that are offered; any other that the system knows is taken.
var zones = strings.Fields(`UTC Africa/Cairo Africa/Johannesburg Africa/Lagos Africa/Nairobi America/Anchorage America/Argentina/Buenos_Aires
America/Bogota America/Chicago America/Denver America/Halifax America/Los_Angeles America/Mexico_City America/New_York America/Sao_Paulo
Asia/Baghdad Asia/Bangkok Asia/Dhaka Asia/Dubai Asia/Hong_Kong Asia/Jakarta Asia/Jayapura Asia/Jerusalem Asia/Kabul Asia/Karachi Asia/Kathmandu
Asia/Kolkata Asia/Kuala_Lumpur Asia/Makassar Asia/Manila Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Tehran Asia/Tokyo Asia/Yangon
Atlantic/Azores Australia/Perth Australia/Sydney Europe/Athens Europe/Berlin Europe/Istanbul Europe/Kyiv Europe/London Europe/Moscow Europe/Paris
Pacific/Auckland Pacific/Honolulu`)

// settingsData is what the page of settings shows: what was chosen, which may
// be nothing.
type settingsData struct {
	Chosen    settings
	Languages []string
	Zones     []string
	Saved     bool
}

func (c *call) settingsPage() error {
	return c.page(http.StatusOK, "settings", view{Title: c.T("settings")},
		settingsData{c.chosen(), c.s.languages(), zones, c.Query("saved") != ""})
}

// chosen are the reader's settings without what the browser says.
func (c *call) chosen() settings {
	var v settings
	if c.id.User.N != 0 {
		if len(c.id.User.Settings) > 0 && json.Unmarshal(c.id.User.Settings, &v) != nil {
			v = settings{}
		}
		return v
	}
	for name, to := range map[string]*string{"language": &v.Language, zoneCookie: &v.Zone, "theme": &v.Theme} {
		if k, err := c.r.Cookie(name); err == nil {
			*to = k.Value
		}
	}
	return v
}

// zoneCookie is the zone that was chosen; "zone" is that of the browser.
const zoneCookie = "tz"

// saveSettings keeps settings with the user, or in cookies for who has none.
func (c *call) saveSettings() error {
	v := settings{Language: c.r.PostFormValue("language"), Zone: strings.TrimSpace(c.r.PostFormValue("zone")), Theme: c.r.PostFormValue("theme")}
	if v.Language != "" && c.s.texts[v.Language] == nil {
		return mistaken(dateline.ErrInvalid, "form")
	}
	if !slices.Contains([]string{"", "light", "dark"}, v.Theme) {
		return mistaken(dateline.ErrInvalid, "form")
	}
	if v.Zone != "" {
		if _, err := time.LoadLocation(v.Zone); err != nil || v.Zone == "Local" || len(v.Zone) >= 64 {
			return mistaken(dateline.ErrInvalid, "zone", clipped(v.Zone))
		}
	}
	if c.id.User.N != 0 {
		u, err := c.s.Store.User(c.ctx, c.id.User.N)
		if err != nil {
			return err
		}
		if u.Settings, err = json.Marshal(v); err != nil {
			return err
		}
		if _, err := c.s.Store.PutUser(c.ctx, u); err != nil {
			return err
		}
		v = settings{} // cookies of before would speak where the user chose nothing
	}
	for name, value := range map[string]string{"language": v.Language, zoneCookie: v.Zone, "theme": v.Theme} {
		age := 365 * 24 * 3600
		if value == "" {
			age = -1
		}
		http.SetCookie(c.w, &http.Cookie{Name: name, Value: value, Path: c.s.Base + "/", MaxAge: age, HttpOnly: true,
			Secure: c.r.TLS != nil || c.r.URL.Scheme == "https" || strings.HasPrefix(c.s.Public, "https://"), SameSite: http.SameSiteLaxMode})
	}
	return c.redirect("/settings?saved=1")
}

// about shows version, licence and where data come from.
func (c *call) about() error {
	return c.page(http.StatusOK, "about", view{Title: c.T("about")}, struct{ Notice string }{dateline.Notice})
}

// OwnName is a language's name in itself.
func (c *call) OwnName(tag string) string {
	if t, err := language.Parse(tag); err == nil {
		return display.Self.Name(t)
	}
	return tag
}

// Clock is the reader's time now, to see whether the zone is right.
func (c *call) Clock() string { return c.s.Now().In(c.set.zone).Format("15:04 MST") }
