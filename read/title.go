package read

import "dateline"

// site fills the article's site, canonical address, section, tags, image and access.
func (p *page) site(a *dateline.Article, src *Source) {}

// findTitle chooses the headline.
func (p *page) findTitle(a *dateline.Article) {}
