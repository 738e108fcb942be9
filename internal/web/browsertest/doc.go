// Package browsertest has a browser look at every page: chromium as Debian has
// it, at the widths of a phone and of a desk, in light and in dark, in both
// languages of the interface, with JavaScript and without, by keyboard and by
// pointer. It holds the pages to what no test of a handler sees: that nothing
// is asked of another origin, that the browser has nothing to complain of, that
// axe-core finds no barrier and a validator no fault, that nothing sticks out,
// and that what outlets write is never run.
//
// A page is tested because [web.Server.Routes] has it: a route of which no page
// is found fails. The tests are skipped where there is no chromium, and those
// of barriers and of HTML where npm cannot install what finds them; with CI set
// that fails.
package browsertest
