package read

import "dateline"

// findAuthors reads the byline.
func (p *page) findAuthors(a *dateline.Article) {}
