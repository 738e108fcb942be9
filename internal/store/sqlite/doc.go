// Package sqlite keeps the record in one SQLite file. It is the engine behind
// package store, and the only place that knows the driver.
//
// One connection writes and a few read beside it (WAL). Every write is a
// function over a [tx]; one goroutine runs them. Those that wait while a
// commit is under way are run together in the next transaction, each in a
// savepoint, and answered when it is on the disk; a lone one is not delayed.
// So sixteen callers do not cost sixteen times the fsync of one.
//
// The tables and their words are in migrations. Migrations go forward alone;
// the number of the last one is the file's user_version.
//
// The package does not lock the file against another process beyond what
// SQLite does: the data folder has one owner, which is for the caller to see
// to.
package sqlite
