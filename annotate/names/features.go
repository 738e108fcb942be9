package names

import (
	"dateline/lang"
)

// hashString is FNV-1a with its bits mixed.
func hashString(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

func mix(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	return h
}

// Templates of features; each is mixed into its features' hashes.
const (
	fBias = iota + 1
	fWord
	fPrev
	fNext
	fPrev2
	fNext2
	fPrevWord
	fWordNext
	fPrefix2
	fPrefix3
	fPrefix4
	fSuffix2
	fSuffix3
	fSuffix4
	fShape
	fShapes2
	fShapes3
	fShapesNext
	fClass
	fClassPrev
	fClassNext
	fClassPrev2
	fClassNext2
	fClassLeft
	fClassRight
	fLeft
	fRight
	fPosition
	fGaz
	fGazPrev
	fGazNext
	fGazLeft
	fClasses
	fClassesPrev
	fClassesNext
	fFirst
	fFirstWord
	fRunHead
	fRunTail
	fRunClasses
	fShapePrevWord
	fNextShapeWord
	fLength
	fLeftShape
	fRightShape
	fCaps
	fLeft2
	fGazClasses
	fLeftTitle
	fDoc
	fRunGaz
	fOwnClasses
	fOwnGaz
	fOwnLeft
	fOwnShapes
	fOwnPrev
	fOwnGazShape
)

func feature(template int, value uint64) uint64 {
	return mix((value + uint64(template)) * 0x9e3779b97f4a7c15)
}

func feature2(template int, a, b uint64) uint64 {
	return feature(template, mix(a*0xff51afd7ed558ccd)^b)
}

// outer is the word before the first token of a sentence and behind its last.
var outer = word{shape: shapeNone, hash: 1}

func (s *sight) at(i int, sen *lang.Sentence) *word {
	if i < sen.First || i >= sen.Last {
		return &outer
	}
	return &s.words[i]
}

// frame is what the tokens of a run have in common.
type frame struct {
	left, right, left2 *word
	all                class
	head, tail         uint64
}

func (s *sight) frame(r *run) frame {
	sen := &s.p.Sentences[r.sentence]
	f := frame{left: s.at(r.first-1, sen), right: s.at(r.last, sen), left2: s.at(r.first-2, sen)}
	for i := r.first; i < r.last; i++ {
		f.all |= s.words[i].class
	}
	f.head, f.tail = s.words[r.first].hash, s.words[r.last-1].hash
	return f
}

// notable is the classes that are told in one feature together.
const notable = isGiven | isSurname | isKnown | isHead | isTail | isTitle | isRank | isHonorific | isArea | isParticle | isDemonym | isNoName | isThing | isStop

// features are those of token i of a run.
func (s *sight) features(r *run, f *frame, i int) []uint64 {
	sen := &s.p.Sentences[r.sentence]
	w, p1, p2, n1, n2 := &s.words[i], s.at(i-1, sen), s.at(i-2, sen), s.at(i+1, sen), s.at(i+2, sen)
	tag := s.t.tag
	out := s.feats[:0]
	one := func(template int, v uint64) { out = append(out, feature(template, v)) }
	two := func(template int, a, b uint64) { out = append(out, feature2(template, a, b)) }
	each := func(template int, c class, with uint64) {
		for c != 0 {
			bit := c & -c
			c &^= bit
			out = append(out, feature2(template, uint64(bit), with))
		}
	}
	shape := uint64(w.shape)
	if r.caps != 0 {
		shape += 32 * uint64(r.caps)
	}
	pos := uint64(min(i-r.first, 3))*8 + uint64(min(r.last-1-i, 3))
	gaz := uint64(w.gaz)*4 + uint64(w.gazAt)

	// The word itself: names are the same in many languages.
	one(fBias, uint64(r.caps))
	one(fWord, w.hash)
	fold := s.p.Tokens[i].Fold
	if n := len(fold); n >= 3 && w.shape >= shapeLower && w.shape <= shapeMixed {
		one(fPrefix2, hashString(fold[:2]))
		one(fSuffix2, hashString(fold[n-2:]))
		one(fPrefix3, hashString(fold[:3]))
		one(fSuffix3, hashString(fold[n-3:]))
		if n >= 5 {
			one(fPrefix4, hashString(fold[:4]))
			one(fSuffix4, hashString(fold[n-4:]))
		}
	}
	two(fPrevWord, p1.hash, w.hash)
	two(fWordNext, w.hash, n1.hash)

	// The language's words around it.
	two(fPrev, tag, p1.hash)
	two(fNext, tag, n1.hash)
	two(fPrev2, tag, p2.hash)
	two(fNext2, tag, n2.hash)
	two(fLeft, tag^uint64(min(i-r.first, 3)), f.left.hash)
	two(fRight, tag^uint64(min(r.last-1-i, 3)), f.right.hash)
	two(fLeft2, tag, mix(f.left2.hash)^f.left.hash)
	two(fRunHead, pos, f.head)
	two(fRunTail, pos, f.tail)
	two(fShapePrevWord, shape^tag, p1.hash)
	two(fNextShapeWord, shape^tag, n1.hash)

	// Shapes and positions.
	one(fShape, shape)
	two(fShapes2, uint64(p1.shape), shape)
	two(fShapesNext, shape, uint64(n1.shape))
	two(fShapes3, uint64(p1.shape)*64+uint64(n1.shape), shape)
	one(fPosition, pos)
	two(fLength, uint64(min(len(fold), 12)), shape)
	two(fLeftShape, uint64(f.left.shape), uint64(min(i-r.first, 2)))
	two(fRightShape, uint64(f.right.shape), uint64(min(r.last-1-i, 2)))
	if w.first {
		two(fFirst, shape, uint64(n1.shape))
		two(fFirstWord, tag, w.hash)
	}

	// What the tables have.
	c := w.class
	each(fClass, c, 0)
	each(fClassPrev, p1.class, 0)
	each(fClassNext, n1.class, 0)
	each(fClassPrev2, p2.class, 0)
	each(fClassNext2, n2.class, 0)
	each(fClassLeft, f.left.class, uint64(min(i-r.first, 2)))
	each(fClassRight, f.right.class, uint64(min(r.last-1-i, 2)))
	each(fRunClasses, f.all&notable, uint64(min(i-r.first, 2)))
	two(fClasses, uint64(c&notable), shape)
	two(fClassesPrev, uint64(p1.class&notable), uint64(c&notable))
	two(fClassesNext, uint64(n1.class&notable), uint64(c&notable))
	two(fGaz, gaz, 0)
	two(fGazPrev, gaz, uint64(p1.class&(isBefore|isTitle|isHead|isArea|isSay|isGiven|isRank)))
	two(fGazNext, gaz, uint64(n1.shape))
	two(fGazLeft, gaz, uint64(f.left.class&(isBefore|isTitle|isSay|isJoiner)))
	two(fGazClasses, gaz, uint64(c&(isGiven|isSurname|isKnown|isHead|isDemonym|isTeam)))
	two(fRunGaz, uint64(p1.gaz)*16+uint64(n1.gaz), gaz)
	// The same of this language alone.
	two(fOwnClasses, tag, uint64(c&notable)<<5^uint64(w.shape))
	two(fOwnGaz, tag, gaz<<32^uint64(p1.class&(isBefore|isTitle|isHead|isArea|isSay|isGiven|isRank)))
	two(fOwnLeft, tag^uint64(min(i-r.first, 2)), uint64(f.left.class))
	two(fOwnShapes, tag, uint64(p1.shape)*4096+uint64(w.shape)*64+uint64(n1.shape))
	two(fOwnPrev, tag, mix(uint64(p1.class&notable))^uint64(c&notable))
	two(fOwnGazShape, tag, gaz*4096+uint64(f.left.shape)*64+uint64(f.right.shape))
	s.feats = out
	return out
}
