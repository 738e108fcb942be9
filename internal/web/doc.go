// Package web shows the record to people: pages made on the server, which work
// without JavaScript and are quicker with it.
//
// A page is a file of Go with its routes and its handlers, a template of the
// same name, a table of texts for each language of the interface, and a file
// of style where it needs one of its own. Each route states who may use it
// ([Route]); [Server.Handler] refuses all others. Handlers return errors, and
// one place makes pages of them.
//
// Nothing here fetches anything of the network: what pages ask for beyond the
// store they ask of a [Newsroom], which the program gives. A kept page is
// shown on another origin, [Server.Replay], where it can do nothing.
package web
