// Package feed reads what outlets publish about their own pages: feeds (RSS of
// all versions, Atom, JSON Feed), sitemaps (of pages, of news, of sitemaps, as
// text), front and section pages, and lists of feeds (OPML).
//
// A source is an address at which an outlet lists its pages; a [Document] is
// what one answer of it says; an entry of it is a page. [Parse] reads a feed or
// a sitemap and tells them by content, never by name or type; [Read] does the
// same an entry at a time. [Index] reads a page of links and tells the articles
// from everything else by structure. [Find] and [Guess] are for an outlet that
// is new: what its home page declares, and where to look if it declares
// nothing. [Endless] knows addresses that only lead crawlers in circles.
//
//	doc, err := feed.Parse(body, contentType, address, time.Now())
//	if errors.Is(err, dateline.ErrUnsupported) {
//		doc = feed.Index(body, contentType, address) // it was a web page
//	}
//	for _, e := range doc.Entries {
//		use(e.URL)
//	}
//
// What comes in is taken to be hostile and is often broken. The readers go
// over the bytes once with scanners of their own: no document type definition
// is read, no entity is expanded but those of HTML, nothing is loaded, no tree
// is built. A document that is broken in the middle gives the entries before
// and, where it can be read on, after. Everything is bounded; where something
// was left out, [Document.Warnings] says so.
//
// The package fetches nothing, follows no sitemap or next page by itself,
// reads no robots.txt, and does not decide which entries are new.
package feed
