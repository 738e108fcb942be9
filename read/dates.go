package read

import "dateline"

// findDates chooses the dates of publication and change.
func (p *page) findDates(a *dateline.Article, src *Source) {}
