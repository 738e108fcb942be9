package dateline

// valueRecord is a [Value] as the record has it.
type valueRecord interface{ value(x *lookup) Value }

type personRecord struct {
	Name         string `json:"name"`
	Role         string `json:"role,omitempty"`
	Organization string `json:"organization,omitempty"`
	SameAs       *int   `json:"same_as,omitempty"`
}

func (v *Person) json(x *index) any {
	return &personRecord{v.Name, v.Role, v.Organization, x.of(v.SameAs)}
}

func (r *personRecord) value(x *lookup) Value {
	return &Person{r.Name, r.Role, r.Organization, x.mark("same_as", r.SameAs, KindPerson)}
}

type organizationRecord struct {
	Name    string `json:"name"`
	Acronym string `json:"acronym,omitempty"`
	SameAs  *int   `json:"same_as,omitempty"`
}

func (v *Organization) json(x *index) any {
	return &organizationRecord{v.Name, v.Acronym, x.of(v.SameAs)}
}

func (r *organizationRecord) value(x *lookup) Value {
	return &Organization{r.Name, r.Acronym, x.mark("same_as", r.SameAs, KindOrganization)}
}

type placeRecord struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`
	Country  string   `json:"country,omitempty"`
	Lat      *float64 `json:"lat,omitempty"`
	Lon      *float64 `json:"lon,omitempty"`
	Geonames int      `json:"geonames,omitempty"`
	SameAs   *int     `json:"same_as,omitempty"`
}

func (v *Place) json(x *index) any {
	r := &placeRecord{Name: v.Name, Kind: v.Kind, Country: v.Country, Geonames: v.Geonames, SameAs: x.of(v.SameAs)}
	if v.Located {
		r.Lat, r.Lon = &v.Lat, &v.Lon
	}
	return r
}

func (r *placeRecord) value(x *lookup) Value {
	v := &Place{Name: r.Name, Kind: r.Kind, Country: r.Country, Geonames: r.Geonames, SameAs: x.mark("same_as", r.SameAs, KindPlace)}
	if r.Lat != nil && r.Lon != nil {
		v.Located, v.Lat, v.Lon = true, *r.Lat, *r.Lon
	}
	return v
}

type timexRecord struct {
	Type       string `json:"type"`
	Value      string `json:"value"`
	Mod        string `json:"mod,omitempty"`
	Quant      string `json:"quant,omitempty"`
	Freq       string `json:"freq,omitempty"`
	RelativeTo string `json:"relative_to,omitempty"`
}

func (v *Timex) json(*index) any { return (*timexRecord)(v) }

func (r *timexRecord) value(*lookup) Value { return (*Timex)(r) }

type figureRecord struct {
	What     string   `json:"what"`
	Min      *float64 `json:"min,omitempty"`
	Max      *float64 `json:"max,omitempty"`
	Modifier string   `json:"modifier"`
	Vague    bool     `json:"vague,omitempty"`
	Unit     string   `json:"unit,omitempty"`
	Of       string   `json:"of,omitempty"`
	PartOf   *int     `json:"part_of,omitempty"`
	Modal    bool     `json:"modal,omitempty"`
	Place    *int     `json:"place,omitempty"`
	Date     *int     `json:"date,omitempty"`
	Speaker  *int     `json:"speaker,omitempty"`
}

func (v *Figure) json(x *index) any {
	return &figureRecord{v.What, v.Min, v.Max, v.Modifier, v.Vague, v.Unit, v.Of, x.of(v.PartOf), v.Modal, x.of(v.Place), x.of(v.Date), x.of(v.Speaker)}
}

func (r *figureRecord) value(x *lookup) Value {
	return &Figure{
		What: r.What, Min: r.Min, Max: r.Max, Modifier: r.Modifier, Vague: r.Vague, Unit: r.Unit, Of: r.Of, Modal: r.Modal,
		PartOf:  x.mark("part_of", r.PartOf, KindFigure),
		Place:   x.mark("place", r.Place, KindPlace),
		Date:    x.mark("date", r.Date, KindDate),
		Speaker: x.mark("speaker", r.Speaker, KindPerson, KindOrganization, KindQuote),
	}
}

type quotationRecord struct {
	Type    string      `json:"type"`
	Content [2]int      `json:"content"`
	Speaker *spanRecord `json:"speaker,omitempty"`
	Verb    *spanRecord `json:"verb,omitempty"`
}

type spanRecord struct {
	Start      int    `json:"start"`
	End        int    `json:"end"`
	Text       string `json:"text"`
	Annotation *int   `json:"annotation,omitempty"`
}

func (v *Quotation) json(x *index) any {
	r := &quotationRecord{Type: v.Type, Content: x.span(v.Content)}
	if s := v.Speaker; s != nil {
		r.Speaker = &spanRecord{x.text.count(s.Start), x.text.count(s.End), x.text.s[s.Start:s.End], x.of(s.Annotation)}
	}
	if v.Verb[1] > v.Verb[0] {
		r.Verb = &spanRecord{Start: x.text.count(v.Verb[0]), End: x.text.count(v.Verb[1]), Text: x.text.s[v.Verb[0]:v.Verb[1]]}
	}
	return r
}

func (r *quotationRecord) value(x *lookup) Value {
	v := &Quotation{Type: r.Type, Content: x.span("content", r.Content[0], r.Content[1], "")}
	if s := r.Speaker; s != nil {
		at := x.span("speaker", s.Start, s.End, s.Text)
		v.Speaker = &Speaker{at[0], at[1], x.mark("speaker", s.Annotation, KindPerson, KindOrganization)}
	}
	if s := r.Verb; s != nil {
		v.Verb = x.span("verb", s.Start, s.End, s.Text)
	}
	return v
}
