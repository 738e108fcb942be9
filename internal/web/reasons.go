package web

import (
	"strings"

	"dateline"
)

// reasons are what other packages say of failures, in English, with the texts
// that say it in the interface's language: {1}, {2} stand for what is filled in.
// Of two that fit the first is taken. A test sees to it that other packages say
// so, and that all that they say of a form is here.
var reasons = []struct{ said, key string }{
	// The pipeline, of pages and sources; these are kept.
	{"robots.txt forbids this address", "reason.robots"},
	{"robots.txt cannot be had: {1}", "reason.norobots"},
	{"the server answered {1}", "reason.answered"},
	{"moved to {1}: add that address", "reason.moved"},
	{"moved to {1}", "reason.moved.page"},
	{"it leads to another site for now, {1}", "reason.foreign"},
	{"it leads to {1}, which robots.txt forbids", "reason.leads"},
	{"gone: it leads to the front page", "reason.front"},
	{"refused: {1}", "reason.refused"},
	{"quarantined: {1}", "reason.quarantined"},
	{"not a page: {1}", "reason.notpage"},
	{"taking its entries did not end", "reason.endless"},
	// Whom an address leads to, and what came of asking.
	{"{1}; to ask addresses of your own network set fetch.allow_private in the settings", "reason.private"},
	{"get {1}: {2}", "reason.about"},
	{"look at {1}: {2}", "reason.about"},
	{"webhook {1}: {2}", "reason.about"},
	{"redirect to {1}: {2}", "reason.redirect"},
	{"no such host", "reason.nohost"},
	{"no connection within {1}", "reason.noconnection"},
	{"no response headers within {1}", "reason.noanswer"},
	{"connection closed without a response", "reason.closed"},
	{"dial tcp {1}: connect: connection refused", "reason.connection"},
	{"no answer from the name server within {1}", "reason.nonames"},
	{"name server: {1}", "reason.names"},
	{"no end within {1}", "reason.noend"},
	{"no more of the body within {1}", "reason.nomore"},
	{"fewer than {1} bytes a second of the body over {2}", "reason.slow"},
	{"headers over {1} bytes", "reason.headers"},
	{"body broke off after {1} of {2} bytes: {3}", "reason.broke.of"},
	{"body broke off after {1} bytes: {2}", "reason.broke"},
	{"unexpected EOF", "reason.short"},
	{"dial tcp {1}: connect: no route to host", "reason.noroute"},
	{"dial tcp {1}: connect: network is unreachable", "reason.noroute"},
	{"read tcp {1}: read: connection reset by peer", "reason.reset"},
	{"server gave HTTP response to HTTPS client", "reason.nottls"},
	{"tls: first record does not look like a TLS handshake", "reason.nottls"},
	{"remote error: tls: {1}", "reason.tls"},
	{"tls: {1}", "reason.tls"},
	{"x509: certificate signed by unknown authority", "reason.certificate.unknown"},
	{"x509: certificate signed by unknown authority ({1})", "reason.certificate.unsure"},
	{"x509: certificate has expired or is not yet valid: {1}", "reason.certificate.time"},
	{"current time {1} is after {2}", "reason.after"},
	{"current time {1} is before {2}", "reason.earlier"},
	{"x509: certificate is valid for {1}, not {2}", "reason.certificate.other"},
	{"x509: certificate is not valid for any names, but wanted to match {1}", "reason.certificate.nameless"},
	{"x509: cannot validate certificate for {1} because it doesn't contain any IP SANs", "reason.certificate.nameless"},
	{"more than {1} redirects", "reason.redirects"},
	{"certificate: {1}", "reason.certificate"},
	{"no scheme, want http or https", "reason.noscheme"},
	{"scheme {1}, want http or https", "reason.scheme"},
	{"no host", "reason.hostless"},
	{"address {1} is {2}", "reason.inner"},
	{"host {1} is an oddly written address", "reason.odd"},
	{"host {1} is of an inner network", "reason.innerhost"},
	{"{1}: not an address of the public web", "reason.notpublic"},
	{"{1}: this host is not to be asked before {2}", "reason.before"},
	{"{1}: robots.txt forbids it", "reason.robots.at"},
	{"{1}: its robots.txt cannot be had ({2}), so nothing may be asked for", "reason.norobots.at"},
	{"{1}: its host takes no more requests now", "reason.full"},
	{"{1}: the server answered {2}", "reason.answered.at"},
	{"{1} was erased, and does not come back", "reason.erased"},
	{"no feed, sitemap or list of articles", "reason.nosource"},
	{"it leads to another site, {1}", "reason.away"},
	{"read feed {1}: {2}", "reason.about"},
	{"a web page, not a feed", "reason.webpage"},
	{"neither feed nor sitemap", "reason.nofeed"},
	{"JSON, but no JSON Feed", "reason.nojsonfeed"},
	{"empty body", "reason.nobody"},
	{"{1}: the list names no feed of it; add it by its address", "reason.list.bare"},
	{"no links to articles", "reason.nolinks"},
	{"it lists nothing", "reason.lists.nothing"},
	{"all it lists is in another source, or is older than what is wanted", "reason.lists.old"},
	{"{1} exports are under way", "reason.exports"},
	{"{1} exports of yours are under way", "reason.exports.yours"},
	{"outlets are asked by another program", "reason.otherprogram"},
	{"outlets are asked only by who says who he is: {1}", "reason.contact"},
	{"a fault of the program: {1}", "reason.fault"},
	{"the list has {1} outlets, and {2} are the most", "reason.list.long"},
	{"the archive is written to by another program", "reason.archive"},
	{"read opml: no opml element", "reason.noopml"},
	// Who may do what, and what users and tokens are made of.
	{"this needs the role {1}", "reason.role"},
	{"this needs a token with the scope {1}", "reason.scope"},
	{"a password is one line of text", "reason.password.text"},
	{"a password has {1} letters or more", "reason.password.short"},
	{"a password has {1} bytes at most", "reason.password.long"},
	{"that password is the first that somebody would try", "reason.password.easy"},
	{"that is not the password so far", "reason.password.was"},
	{"change a password without a session", "reason.password.session"},
	{"sign out without a user", "reason.signout"},
	{"the session is over; log in", "reason.over"},
	{"a user's name is a letter and up to {1} letters, digits and . _ - @ +", "reason.name"},
	{"{1} is who needs no login; choose another name", "reason.name.local"},
	{"another user has that name", "reason.name.taken"},
	{"{1} is no role; they are {2}", "reason.norole"},
	{"the first user has the role {1}, as a login is needed from then on", "reason.first"},
	{"a token has a name, of {1} letters at most", "reason.token.name"},
	{"a token has a scope at least", "reason.token.scope"},
	{"a token ends later than now", "reason.token.end"},
	{"{1} is no scope; they are {2}", "reason.noscope"},
	{"a token is good for a number of days", "reason.token.days"},
	{"a token makes no tokens; log in", "reason.token.token"},
	{"too many tries; wait {1}", "reason.wait"},
	{"no user has that name and password", "reason.login"},
	{"too many log in at once", "reason.logins"},
	{"a session cannot begin here", "reason.nosession"},
}

// outcomes are those of pages that are one word.
var outcomes = map[string]bool{
	"article": true, "notice": true, "index": true, "empty": true, "ok": true, "unchanged": true, "gone": true,
}

// classes are the words that tell programs of what class an error is.
var classes = []error{
	dateline.ErrCorrupt, dateline.ErrNotFound, dateline.ErrInvalid, dateline.ErrLater, dateline.ErrRefused, dateline.ErrTooLarge,
	dateline.ErrUnsupported, dateline.ErrGone,
}

// Reason says a failure or an outcome as it is kept in the interface's
// language, as far as it has words for it.
func (c *call) Reason(s string) string {
	text, _ := c.reasoned(s)
	return text
}

// reasoned is Reason, and whether there are words for it.
func (c *call) reasoned(s string) (text string, known bool) {
	if outcomes[s] {
		return c.T("outcome." + s), true
	}
	for _, class := range classes {
		if rest, ok := strings.CutSuffix(s, ": "+class.Error()); ok && strings.Contains(rest, " ") {
			s = rest
		}
	}
	for _, r := range reasons {
		filled, ok := fit(r.said, s)
		if !ok {
			continue
		}
		args := make([]any, len(filled))
		for i, a := range filled {
			args[i] = c.Reason(a)
		}
		return c.T(r.key, args...), true
	}
	return s, s == ""
}

// fit takes a text apart by a pattern: "moved to {1}" and "moved to x" give x.
// What is filled in is as short as may be, but for the last, and never empty.
func fit(pattern, s string) (filled []string, ok bool) {
	begin, rest, more := strings.Cut(pattern, "{")
	if s, ok = strings.CutPrefix(s, begin); !ok {
		return nil, false
	}
	for more {
		_, rest, _ = strings.Cut(rest, "}")
		var between string
		between, rest, more = strings.Cut(rest, "{")
		at := len(s) - len(between)
		if more {
			at = strings.Index(s, between)
		}
		if at <= 0 || s[at:at+len(between)] != between {
			return nil, false
		}
		filled = append(filled, s[:at])
		s = s[at+len(between):]
	}
	return filled, s == ""
}
