package feed

// name is what the page calls its site.
func (p *page) name() string { return p.title }
