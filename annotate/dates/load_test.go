package dates

import (
	"testing"

	"dateline/lang"
)

// BenchmarkLoad is what a language costs when it is first needed.
func BenchmarkLoad(b *testing.B) {
	for _, tag := range lang.Builtin().Tags() {
		p := lang.Builtin().Pack(tag)
		if t, _ := load(p); t == nil {
			continue
		}
		b.Run(p.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := load(p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
