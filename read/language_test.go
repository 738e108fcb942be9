package read

import "testing"

// What a page declares decides where its text is short and could be in that
// language.
func TestLanguage(t *testing.T) {
	for _, tt := range []struct{ name, page, want string }{
		{"long text decides", `<html lang=de><body><p>The council met on Monday and voted for the new harbour wall by nine to three, said its clerk.</p>`, "en"},
		{"short text, declared", `<html lang=no><body><h1>Broen er stengt</h1><p>Til mandag.</p>`, "nb"},
		{"short text, declared in XML", `<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="ms"><body><h1>Jalan ditutup</h1><p>Jalan itu ditutup.</p>`, "ms"},
		{"short text in another script", `<html lang=en><body><h1>Мостът е затворен</h1><p>Мостът беше затворен.</p>`, "bg"},
		{"withdrawn tag", `<html lang=in><body><h1>Jalan ditutup</h1><p>Jalan itu ditutup.</p>`, "id"},
		{"no language", `<html lang=xx-nonsense><body><h1>123</h1><p>456</p>`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := Page(Source{Body: []byte(tt.page)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if a.Language != tt.want {
				t.Errorf("language %q, want %q; text %q", a.Language, tt.want, a.Text)
			}
		})
	}
}
