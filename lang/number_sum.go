package lang

// numberSum is what the words so far are worth.
type numberSum struct {
	parts [4]scaled // of the scales done, falling
	n     int
	cur   float64 // of the words behind them
	any   bool    // there is something in cur
}

type scaled struct{ value, scale float64 }

// merge adds what stood behind the "and" to what stood before it, and tells
// whether that can be.
func (r *numberReader) merge(s *numberSum) bool {
	if !r.and {
		return true
	}
	b := r.base.cur
	switch {
	case !s.any:
		return false
	case b == 0:
		return r.base.n > 0
	case lastPart(b) >= r.least && fits(b, s.cur):
	case r.back && digit(b) > 0 && s.cur >= 20 && s.cur < 100 && digit(s.cur) == 0 && fits(b-digit(b), s.cur):
	default:
		return false
	}
	s.cur += b
	return true
}

// open reads an "and".
func (r *numberReader) open(w numberWord) bool {
	if r.bestN == 0 {
		return false
	}
	s := r.sum
	if r.and {
		if !r.merge(&s) {
			return false
		}
	}
	r.andN, r.andV = r.bestN, r.best
	r.and, r.least, r.back = true, w.value, w.reverse
	r.base = s
	r.sum = s
	r.sum.cur, r.sum.any = 0, false
	return true
}

// one takes in a word and tells whether it fits.
func (r *numberReader) one(w numberWord) bool {
	s := &r.sum
	switch w.role {
	case roleAnd: // inside a compound
		b := s.cur
		if !s.any {
			return false
		}
		r.and, r.least, r.back = true, 100, true
		r.base = *s
		r.base.cur = b
		s.cur, s.any = 0, false
		return true
	case roleAdd:
		v := w.value
		if v >= 1000 {
			return r.scale(scaled{v, unit(v)})
		}
		if r.article || s.any && !fits(s.cur, v) || v == 0 && (s.any || s.n > 0) {
			return false
		}
		s.cur += v
	case roleTeen:
		d := digit(s.cur)
		if d == 0 || !s.any || int64(s.cur-d)%100 != 0 {
			return false
		}
		s.cur += w.value
	case roleTimes:
		switch {
		case !s.any:
			if s.n > 0 && r.table.articles && !r.and {
				return false
			}
			s.cur = w.value
		case w.value == 10:
			d := digit(s.cur)
			if d == 0 || int64(s.cur-d)%100 != 0 {
				return false
			}
			s.cur += 9 * d
		case s.cur < 100 && s.cur > 0:
			s.cur *= w.value
		default:
			return false
		}
		r.article = false
	case roleScale, roleBare:
		if !s.any && (w.role == roleScale || r.and) && !(s.n > 0 && s.parts[s.n-1].scale < w.value) {
			return false
		}
		return r.scale(scaled{0, w.value})
	case roleOne:
		if s.any && s.cur >= 1 || r.article {
			return false
		}
		r.article = true
		if s.any {
			return true // "half a million"
		}
		s.cur = 1
	case roleHalf:
		switch {
		case r.and && !s.any && r.base.cur > 0, r.and && r.article && r.base.cur > 0:
			s.cur = r.base.cur + w.value
			r.and = false
		case (!s.any || r.article) && s.n > 0:
			s.parts[s.n-1].value += w.value * s.parts[s.n-1].scale
			s.cur, s.any, r.article, r.and = 0, false, false, false
			return true
		case s.any && (s.cur != float64(int64(s.cur)) || s.cur >= 100):
			return false
		default:
			if r.article {
				s.cur = 0
			}
			s.cur += w.value
		}
		r.article = false
	}
	s.any = true
	return true
}

// scale takes in a scale, or a word that is worth some of a scale.
func (r *numberReader) scale(w scaled) bool {
	s := r.sum
	if !r.merge(&s) && !(r.and && !s.any && w.value > 0) {
		return false
	}
	v := s.cur
	if w.value > 0 && s.any {
		return false
	}
	for s.n > 0 && s.parts[s.n-1].scale < w.scale {
		if w.value > 0 {
			return false
		}
		s.n--
		v += s.parts[s.n].value
	}
	if s.n > 0 && s.parts[s.n-1].scale == w.scale || s.n == len(s.parts) {
		return false
	}
	switch {
	case w.value > 0:
		v = w.value
	case v == 0:
		v = w.scale
	default:
		v *= w.scale
	}
	s.parts[s.n] = scaled{v, w.scale}
	s.n++
	s.cur, s.any = 0, false
	r.sum = s
	r.and, r.article = false, false
	return true
}

// unit is the scale that a great value is counted in.
func unit(v float64) float64 {
	u := 1000.0
	for v >= u*1000 {
		u *= 1000
	}
	return u
}

// lastPart is the least part that a number below a thousand is made of: 20 of 320.
func lastPart(v float64) float64 { return float64(int64(v) % int64(10*lowest(v))) }

// digit is the last digit before the decimals.
func digit(v float64) float64 { return float64(int64(v) % 10) }

// lowest is the unit of that part: 10 of 320.
func lowest(v float64) float64 {
	for unit := int64(1); unit < 1000; unit *= 10 {
		if int64(v)%(unit*10) != 0 {
			return float64(unit)
		}
	}
	return 1000
}

// fits tells whether v may be added behind cur: it is smaller than the last
// part cur is made of.
func fits(cur, v float64) bool {
	if cur == 0 || v == 0 {
		return cur == 0
	}
	return cur == float64(int64(cur)) && v < lowest(cur)
}
