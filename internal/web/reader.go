package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"dateline/internal/access"
)

// settings are how a reader wants to see pages: kept with the user, or in
// cookies for who has none.
type settings struct {
	Language string `json:"language,omitempty"` // of the interface
	Zone     string `json:"zone,omitempty"`     // IANA name; of the browser where empty
	Theme    string `json:"theme,omitempty"`    // light, dark; as the system has it where empty

	zone *time.Location
}

// settingsOf are a reader's: the user's, else of cookies, else what the browser
// asks for.
func (s *Server) settingsOf(id access.Identity, r *http.Request) settings {
	var v settings
	if len(id.User.Settings) > 0 {
		json.Unmarshal(id.User.Settings, &v) // what it cannot read stays as it is without a user
	}
	take := func(to *string, name string) {
		if *to == "" {
			if c, err := r.Cookie(name); err == nil {
				*to = c.Value
			}
		}
	}
	take(&v.Language, "language")
	take(&v.Zone, zoneCookie)
	take(&v.Zone, "zone")
	take(&v.Theme, "theme")
	if s.texts[v.Language] == nil {
		v.Language = s.accepted(r.Header.Get("Accept-Language"))
	}
	if v.Theme != "light" && v.Theme != "dark" {
		v.Theme = ""
	}
	v.zone = time.UTC
	if v.Zone != "" && len(v.Zone) < 64 {
		if z, err := time.LoadLocation(v.Zone); err == nil && v.Zone != "Local" {
			v.zone = z
		}
	}
	return v
}

// accepted is the first language of an Accept-Language header that the
// interface has.
func (s *Server) accepted(header string) string {
	for i, part := range strings.Split(header, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag, _, _ = strings.Cut(tag, "-")
		if tag = strings.ToLower(tag); s.texts[tag] != nil {
			return tag
		}
		if i > 10 {
			break
		}
	}
	return fallback
}
