package annotate

import "testing"

func TestCountryOf(t *testing.T) {
	for address, want := range map[string]string{
		"https://www.outlet.co.id/a?b=c.de": "ID", "outlet.example": "", "harbour.uk": "GB", "https://h.example:80/x.fr": "",
		"a.tv": "", "a.eu": "", "": "", "localhost": "", "10.0.0.12": "", "[::1]": "", "a.DE.": "DE",
		"eltiempo.com.co": "CO", "outlet.is": "IS", "a.gov.la": "LA", "x.io": "", "www.x.com/file.pl": "", "a.xx": "", "a.ac": "", "a.su": "",
	} {
		if got := CountryOf(address); got != want {
			t.Errorf("CountryOf(%q) = %q, want %q", address, got, want)
		}
	}
}
