package lang

import (
	"testing"
)

func BenchmarkLoadPacks(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ps, err := LoadPacks(PackFiles())
		if err != nil {
			b.Fatal(err)
		}
		ps.Phrases()
	}
}

func BenchmarkPhraseMatch(b *testing.B) {
	ps := Phrases()
	for _, c := range []struct{ name, block string }{
		{"sentence", "Sedikitnya enam orang tewas dalam longsor di Lembah Suri pada Senin."},
		{"readalso", "Baca Juga : Presiden Suri ke Lembah untuk Kunjungan Kenegaraan"},
		{"share", "Share on Facebook"},
		{"arabic", "قال المتحدث باسم الحكومة إن ستة أشخاص لقوا حتفهم"},
		{"anywhere", "* Your email address will not be published. Required fields are marked *"},
		{"long", longBlock},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ps.Match(c.block)
			}
		})
	}
}

const longBlock = "The council of the valley said on Monday that the road to the upper villages would stay closed until the slope had been surveyed, and that six families had been taken in by relatives. Engineers from the district arrived on Sunday evening with two excavators, but rain kept them from the place where the bridge had stood. We will not send anyone up there before we know that it holds, said the head of the works. The school, which was built last year, was not damaged. Teachers cleared the yard together with the older pupils, and lessons are to begin again on Thursday."
