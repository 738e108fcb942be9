package lang

import "testing"

func TestFold(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"capitals and accents", "À LIRE", "a lire"},
		{"letters that outlets choose between", "إلى علي آية", "الی علی ایه"},
		{"vowel signs", "حُكُومَة", "حکومه"},
		{"tatweel", "حكومــة، 1445هـ", "حکومه, 1445ه"},
		{"small letters of recitation", "لهۥ", "له"},
		{"points", "שָׁלוֹם", "שלום"},
		{"digits, dashes, quotes", "٢٣ – «12»", "23 - «12»"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Fold(tt.text); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}
