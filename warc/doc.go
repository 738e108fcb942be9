// Package warc reads web archives: files in which crawlers keep what servers
// answered, byte for byte.
//
// A WARC file (ISO 28500; versions 1.0 and 1.1) is a row of records. A record
// is a header of named fields and a block of Content-Length bytes. A response
// record's block is the HTTP message as it came over the wire; a resource
// record's is a file; a conversion record's is something made from another
// record, such as the plain text of Common Crawl's WET files. Other records
// (warcinfo, request, metadata, revisit) say how the crawl went.
//
// Files are plain, or compressed with gzip or Zstandard. A member is one gzip
// member or one Zstandard frame. Usually each record is a member of its own,
// so that it can be read alone; some files are one member altogether, and both
// are read. The kind of compression is told by content, never by name.
// Zstandard files may begin with a dictionary frame, as the IIPC's
// specification of .warc.zst has it.
//
// For the pages of an archive:
//
//	r, err := warc.NewReader(f)
//	...
//	for {
//		p, err := r.NextPage()
//		if err == io.EOF {
//			break
//		}
//		if err != nil {
//			report(err) // one record is bad; the loop still ends with io.EOF
//			continue
//		}
//		use(p)
//	}
//
// [Reader.Next] gives every record and streams its block.
//
// [Draft.Append] writes a record as WARC 1.1 has it, a gzip member of its own,
// and [AppendErased] what is to be put in the place of one that has to go.
// [Line] is a line of a CDXJ index. They make bytes; files, and what it takes
// for them to last, are the caller's.
//
// Files are taken to be hostile. Memory is bounded whatever a file claims:
// header lines, headers, windows and dictionaries have limits, and blocks are
// streamed. Damage is reported once, as an [*Error], and reading goes on at
// the next place where a record seems to begin. What is found after damage is
// only as trustworthy as the bytes there: a page may contain what looks like
// a record, so a caller who needs proof should compare digests.
//
// The package does not decode Content-Encoding, does not check block or
// payload digests, does not join segmented records, and does not resolve
// revisits.
package warc
