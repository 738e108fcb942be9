// Package search holds what it takes to find kept articles: the terms a text
// is found by, and the query language.
//
// # Terms
//
// An [Analyzer] turns text into terms, one for each word: the word folded
// (see [lang.Fold]) and, where the language's pack has endings, its stem.
// Words are parted the same way in every language, for nobody knows the
// language of a query: at all that is no letter, digit or mark, between
// letters and digits ("COVID-19", "Covid19" and "covid 19" are two words), at
// apostrophes and at zero-width non-joiners. Scripts written without spaces
// give a term for each two characters in a row, and one for the last
// character.
//
// A stem stands apart from the words and has the language in front
// ("id·kebijakan"), so that stripping a word the French way finds French
// articles only. [Analyzer.Forms] gives what a word of a query is looked up
// by: itself among the words, its stems in all languages among the stems.
//
// # Queries
//
// [Parse] makes a tree of a query. Words are ANDed; OR joins its two neighbours
// and binds tighter, as on the web; a minus excludes; brackets group; quotes ask
// for exactly these words in a row; a star at the end of three letters or more
// for all words that begin so. A field and a colon narrow:
//
//	flood OR banjir -figure:killed>100 after:2024-01 person:"Rano Wirya"
//
// docs/formats/query.md describes all of it. Slips of syntax are put right,
// with a note; what would change the meaning if it were guessed at, such as a
// date that is none, is a [Mistake] that says where and what to write instead.
//
// # Matches
//
// A [Matcher] finds a query's words again in a text that was found, in all
// their forms: to mark them ([Matcher.Highlight]), to show the passages they
// stand in ([Matcher.Snippets]), and to tell whether they stand in one sentence
// ([Matcher.Sentences]).
//
// The package keeps no index and runs no query: that is the store's.
package search
