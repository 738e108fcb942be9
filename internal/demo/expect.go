package demo

import "dateline"

// Expectation is what a patient client has in the end of a farm's generated
// outlets.
type Expectation struct {
	Stored []Page // each once, however it was linked
	Never  []Page // and why not
}

// Page is a page of a generated outlet.
type Page struct {
	Outlet   int    // as in [Farm.Outlets]
	Address  string // as the sitemap has it
	Key      string // [dateline.PageKey] of the address it is known by in the end
	Marker   string // the word that stands in its title and text, and nowhere else
	Versions int    // texts that it has over time
	Why      string // never stored: robots, 404, 410, loop, broken; stored: the fault, or nothing
}

// Expect tells what the plan comes to. Of the newsroom and hostile outlets it
// says nothing.
func (f *Farm) Expect() Expectation {
	var e Expectation
	for i, x := range f.sites {
		s, ok := x.(*seeded)
		if !ok {
			continue
		}
		base := "http://" + f.infos[i].Listener.String()
		for n := range s.o.Pages {
			plan := s.fault(n)
			p := Page{Outlet: i, Address: base + s.path(n), Marker: s.marker(n), Versions: 1, Why: plan.kind}
			known := p.Address
			if plan.edit > 0 {
				p.Versions = 2
			}
			never := false
			switch plan.kind {
			case "robots", "404", "410", "loop", "broken":
				never = true
			case "301", "302", "308", "chain":
				known = base + s.moved(n)
			}
			// The addresses of a farm are valid, so they have keys.
			p.Key, _ = dateline.PageKey(known)
			if never {
				e.Never = append(e.Never, p)
			} else {
				e.Stored = append(e.Stored, p)
			}
		}
	}
	return e
}
