// Package lang holds language packs and their engines: detect, calendars and
// dates, phrases, datelines.
//
// Mechanisms are Go and have names; which of them a language uses, and all
// its words, are data: the packs in packs/ and the generated tables beside
// the code. No Go file here names a language. A pack's missing file turns a
// feature off, so every engine says what it does without.
//
// Languages go by their BCP 47 tags. Text is UTF-8 and expected in NFC;
// offsets are bytes. What is here works on text that has been read already:
// it fetches nothing, parses no HTML and keeps no state between calls.
package lang
