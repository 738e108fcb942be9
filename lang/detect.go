package lang

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Detection is a naive Bayes classifier over groups of two to four letters
// with the edges of words marked, so of "the cat" it counts " t",
// "th", " th", "he", "the", " the" and so on. Letter groups for this are from
// Cavnar and Trenkle, "N-Gram-Based Text Categorization" (1994); where they
// compare ranks of groups, this adds up ln P(group | language). The
// frequencies come from the models of lingua-go, see cmd/gendata.
//
// The script is decided first, by the number of letters. Most scripts leave
// one language. For the others each group found in the table adds its weight,
// ln(P / floor) in steps of 1/16, to the languages that use it; one that is
// not found adds the same to all, nothing. Whole words that tell close
// relatives apart (detect_words.tsv) add theirs.

const (
	// detectBytes is how much of a text is looked at, at most: the whole of a
	// shorter one, else as many bytes in detectParts places. On long texts
	// more bytes find no more; several places are for furniture or quotations
	// in another language.
	detectBytes = 960
	detectParts = 8

	// detectLead is the lead in weight over the second at which a language is
	// certain once two places were looked at, and twice that after one; near
	// relatives need them all.
	detectLead = 16 * 4 * 16

	// detectCooling divides the sum of weights before it is made a
	// probability. Each letter is counted in about nine groups, which are
	// far from independent; without this every answer would be certain.
	// With it, confidence is about the share of right answers (measured
	// on pieces of 12 to 40 letters).
	detectCooling = 16 * 4.0

	// An absorbing script takes over the absorbed one when it has at least
	// one letter to this many of it: a Japanese text has more kana than
	// that, a Chinese text that quotes a Japanese name has less.
	detectAbsorb = 12

	// detectMaxWord is the number of letters after which a word is not
	// looked up any more.
	detectMaxWord = 24
)

// Candidate is a language that a text may be in. The confidences of all
// languages add up to 1 or less.
type Candidate struct {
	Tag        string
	Confidence float64
}

// Detect returns the language that a text is most likely in, as a BCP 47 tag
// out of [Languages], and how sure that is, from 0 to 1. A text without
// letters, or with letters of unknown scripts only, gives "" and 0.
//
// It looks at 1,200 bytes of a longer text, from its start, its middle and
// its end. Digits, punctuation and web addresses do not count. Five words are
// enough between languages that are not related; for Indonesian and Malay, or
// Bosnian and Croatian, take a paragraph, or say with [DetectAmong] which of
// them can be. On sentences cut into pieces
// of a few words, answers of confidence 0.9 or more were right 99 times in a
// hundred, those between 0.5 and 0.6 a little over half the time.
//
// The answer depends on nothing but the text. Any number of
// goroutines may call it; the first call prepares the table, about a
// millisecond.
func Detect(text string) (tag string, confidence float64) {
	return detectAmong(text, nil)
}

// DetectAmong is [Detect] with the choice restricted to the given tags, such
// as those a page or its outlet declares. They are matched as BCP 47 ranges:
// a region or an extension is ignored, "no" stands for both written forms of
// Norwegian, withdrawn tags for what replaced them. Where none of them fits
// the script of the text, or none is known, the answer is that of Detect: a
// declaration is a hint, and often wrong. The confidence is that within the
// choice.
func DetectAmong(text string, tags ...string) (tag string, confidence float64) {
	return detectAmong(text, tags)
}

func detectAmong(text string, tags []string) (string, float64) {
	t := theDetectTable()
	var s detection
	list := s.run(t, text)
	if len(tags) > 0 {
		var fit []uint8
		for _, n := range t.resolve(tags) {
			if slices.Contains(list, n) && !slices.Contains(fit, n) {
				fit = append(fit, n)
			}
		}
		if len(fit) > 0 {
			list = fit
		}
	}
	if len(list) == 0 {
		return "", 0
	}
	best := list[0]
	for _, n := range list[1:] {
		if s.scores[n] > s.scores[best] {
			best = n
		}
	}
	return t.tags[best], s.confidence(list, best)
}

// Candidates returns the languages that a text may be in, the likeliest
// first, those below one in a thousand left out; the first is that of
// [Detect].
func Candidates(text string) []Candidate {
	t := theDetectTable()
	var s detection
	list := s.run(t, text)
	var out []Candidate
	for _, n := range list {
		if c := s.confidence(list, n); c >= 0.001 {
			out = append(out, Candidate{t.tags[n], c})
		}
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return out
}

// Languages returns the tags that [Detect] can answer, sorted.
func Languages() []string {
	tags := slices.Clone(theDetectTable().tags)
	slices.Sort(tags)
	return tags
}

// detection is the state of one look at a text; it lives on the stack.
type detection struct {
	counts [64]int32 // letters of each script, weighted
	scores [256]int32
	groups int32 // letter groups looked up
	found  int32
}

// run scores the text and returns the numbers of the languages of its script.
func (s *detection) run(t *detectTable, text string) []uint8 {
	var parts [detectParts]string
	n := sample(&parts, text)
	for _, p := range parts[:n] {
		s.count(t, p)
	}
	script := s.script(t)
	if script == 0 {
		return nil
	}
	list := t.scripts[script].tags
	if len(list) > 1 {
		copy(s.scores[:], t.priors)
		for i, p := range parts[:n] {
			s.score(t, p, script)
			if lead := s.lead(list); lead > detectLead && i > 0 || lead > 2*detectLead {
				break
			}
		}
	}
	return list
}

// lead is how far the first language is before the second.
func (s *detection) lead(list []uint8) int32 {
	first, second := int32(math.MinInt32/2), int32(math.MinInt32/2)
	for _, n := range list {
		if c := s.scores[n]; c > first {
			first, second = c, first
		} else if c > second {
			second = c
		}
	}
	return first - second
}

// sample cuts a long text down to parts and returns their number. They stand
// in the order in which they are looked at, the inner ones first.
func sample(parts *[detectParts]string, text string) int {
	if len(text) <= detectBytes {
		parts[0] = text
		return 1
	}
	const size = detectBytes / detectParts
	for i, place := range [detectParts]int{4, 2, 6, 1, 5, 3, 0, 7} {
		// Halves of words, and of letters, at the cuts do no harm: there are few.
		start := (len(text) - size) * place / (detectParts - 1)
		end := start + size
		for start < end && !utf8.RuneStart(text[start]) {
			start++
		}
		parts[i] = text[start:end]
	}
	return detectParts
}

// count adds up the letters of each script by their weight.
func (s *detection) count(t *detectTable, text string) {
	for _, r := range text {
		_, kind, script := t.rune(r)
		if kind == kindLetter {
			s.counts[script] += t.scripts[script].weight
		}
	}
}

// script decides the script of the text; 0 is none.
func (s *detection) script(t *detectTable) uint8 {
	counts := s.counts
	for i, sc := range t.scripts {
		for _, a := range sc.absorbs {
			if s.counts[i] > 0 && s.counts[i]*detectAbsorb >= s.counts[a] {
				counts[i] += s.counts[a]
				counts[a] = 0
			}
		}
	}
	best := 0
	for i, c := range counts[:len(t.scripts)] {
		if c > counts[best] {
			best = i
		}
	}
	return uint8(best)
}

// score adds the weights of the words and letter groups of one script.
func (s *detection) score(t *detectTable, text string, script uint8) {
	const edge = uint64(' ')
	var (
		key    = edge // the last four signs, 16 bits each
		length = 1    // how many of them there are since the last edge, with it
		word   = uint64(1)
		runes  = 0
	)
	for i := 0; i <= len(text); {
		r, size := rune(' '), 1
		if i < len(text) {
			r = rune(text[i])
			if r >= utf8.RuneSelf {
				r, size = utf8.DecodeRuneInString(text[i:])
			}
		}
		lower, kind, of := t.rune(r)
		if kind == kindSkip {
			i += size
			continue
		}
		if kind == kindLetter && of == script {
			if runes == 0 {
				if skip := address(text[i:]); skip > 0 {
					i += skip
					continue
				}
			}
			key = key<<16 | uint64(lower)
			length++
			s.look(t, key, length)
			word = (word ^ uint64(lower)) * 0x100000001b3
			runes++
			i += size
			continue
		}
		if length > 1 {
			s.look(t, key<<16|edge, length+1)
		}
		key, length = edge, 1
		if kind == kindMark && runes > 0 {
			word = (word ^ uint64(lower)) * 0x100000001b3
			runes++
			i += size
			continue
		}
		if runes > 0 && runes <= detectMaxWord {
			s.add(t.find(detectHash(word)))
		}
		word, runes = 1, 0
		i += size
	}
}

// look adds the groups of two, three and four signs that key ends with, as
// far as there are so many.
func (s *detection) look(t *detectTable, key uint64, length int) {
	s.group(t, key&(1<<32-1))
	if length >= 3 {
		s.group(t, key&(1<<48-1))
	}
	if length >= 4 {
		s.group(t, key)
	}
}

func (s *detection) group(t *detectTable, key uint64) {
	s.groups++
	if posts := t.find(detectHash(key)); posts != "" {
		s.found++
		s.add(posts)
	}
}

func (s *detection) add(posts string) {
	for ; len(posts) >= 2; posts = posts[2:] {
		s.scores[posts[0]] += int32(posts[1])
	}
}

// address returns the length of the web address that text begins with, 0 if
// it begins with none.
func address(text string) int {
	for _, p := range [...]string{"http://", "https://", "www."} {
		if text[0] == p[0] && strings.HasPrefix(text, p) {
			if n := strings.IndexAny(text, " \t\n\r"); n >= 0 {
				return n
			}
			return len(text)
		}
	}
	return 0
}

// confidence is the share of a language among those listed, less where little
// of the text was found in the table at all, as in a heap of letters.
func (s *detection) confidence(list []uint8, tag uint8) float64 {
	if len(list) == 1 {
		return 1
	}
	var sum float64
	for _, n := range list {
		sum += math.Exp(float64(s.scores[n]-s.scores[tag]) / detectCooling)
	}
	share := 1 / sum
	if s.groups > 0 {
		share *= min(1, float64(s.found)/float64(s.groups)*2)
	}
	return share
}

// Fluency tells how much a text reads like the language that it is most likely
// in: the mean weight of its groups of letters, 0 for noise. It compares
// readings of the same bytes in several charsets. A script that leaves one
// language has no groups to look up, and gives 0.
func Fluency(text string) float64 {
	t := theDetectTable()
	var s detection
	list := s.run(t, text)
	if len(list) < 2 || s.groups == 0 {
		return 0
	}
	best := int32(0)
	for _, n := range list {
		best = max(best, s.scores[n])
	}
	return float64(best) / float64(s.groups)
}
