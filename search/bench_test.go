package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"dateline/lang"
)

// Articles of 4,000 characters.
func BenchmarkTerms(b *testing.B) {
	a := NewAnalyzer(lang.Builtin())
	for _, c := range []struct{ tag, text string }{
		{"en", "The governor of the northern province said on Monday that voters had stopped waiting for policies that were promised to 1,200 families after the floods. "},
		{"id", "Gubernur mengatakan kebijakannya akan membantu 1.200 keluarga yang mengungsi setelah banjir di kabupaten itu, dan pemerintahnya masih menghitung kerugian. "},
		{"ru", "Губернатор северной области заявил в понедельник, что правительство поможет 1200 семьям, пострадавшим от наводнения в последние недели. "},
		{"ar", "وقال محافظ الإقليم الشمالي يوم الاثنين إن الحكومة ستساعد ١٢٠٠ أسرة من المتضررين بالفيضانات التي ضربت البلاد في الأسابيع الماضية. "},
		{"zh", "北部省省长星期一表示，政府将帮助一千二百个在最近几周的洪水中受灾的家庭，并将继续统计损失。"},
		{"hi", "उत्तरी प्रांत के राज्यपाल ने सोमवार को कहा कि सरकार हाल की बाढ़ से प्रभावित 1,200 परिवारों की मदद करेगी। "},
		{"tr", "Kuzey ilinin valisi pazartesi günü yaptığı açıklamada hükümetin selden etkilenen 1.200 aileye yardım edeceğini söyledi. "},
	} {
		text := strings.Repeat(c.text, 4000/utf8.RuneCountInString(c.text)+1)
		b.Run(c.tag, func(b *testing.B) {
			var dst []Term
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				dst = a.AppendTerms(dst[:0], text, c.tag)
			}
		})
	}
}

func BenchmarkForms(b *testing.B) {
	a := NewAnalyzer(lang.Builtin())
	b.ReportAllocs()
	for b.Loop() {
		a.Forms("kebijakannya")
	}
}
