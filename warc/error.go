package warc

import (
	"errors"
	"fmt"
	"io"

	"dateline"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Error says what is wrong with one record, or with the place where a record
// should begin. Each damage is reported once: by Next or NextPage, or by the
// Read of the block in which it was met.
//
// It wraps [dateline.ErrCorrupt] for damage, [dateline.ErrTooLarge] where a
// limit is passed, [dateline.ErrUnsupported] for what this package does not
// read, or the error of the underlying reader.
type Error struct {
	// Offset and Skip are the record's, as in [Record].
	Offset, Skip int64
	// Final says that nothing after this record can be read: the next call of
	// Next gives io.EOF. Otherwise the next call gives the next record found.
	Final bool
	// Err says what was wrong.
	Err error
}

// Error names the place and what was wrong there.
func (e *Error) Error() string {
	if e.Skip > 0 {
		return fmt.Sprintf("read warc record at offset %d+%d: %v", e.Offset, e.Skip, e.Err)
	}
	return fmt.Sprintf("read warc record at offset %d: %v", e.Offset, e.Err)
}

// Unwrap gives Err.
func (e *Error) Unwrap() error { return e.Err }

var (
	// errEnd is the end of a member, its checksum found right.
	errEnd = errors.New("end of member")
	// errCut is met where a member begins a new record although the one
	// before it lacks bytes.
	errCut = fmt.Errorf("%w: the block is shorter than its content-length", dateline.ErrCorrupt)
	// errTorn is met at the end of the file.
	errTorn = fmt.Errorf("%w: the file ends in the middle of a record", dateline.ErrCorrupt)
	// errMoved is met when a block is read after the next record was asked for.
	errMoved = errors.New("read warc record: its block is gone, a later record was read")
)

// lostError is an error after which it is not known where the next record
// begins, although the bytes themselves are sound.
type lostError struct{ error }

func (e lostError) Unwrap() error { return e.error }

// lost makes a lostError of a sentinel and what was found.
func lost(sentinel error, format string, args ...any) error {
	return lostError{fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...))}
}

// decoding says what a decompressor's error means to the caller.
func decoding(err error) error {
	switch {
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return fmt.Errorf("%w: zstandard window over %d bytes", dateline.ErrTooLarge, maxWindow)
	case errors.Is(err, zstd.ErrUnknownDictionary):
		return fmt.Errorf("%w: zstandard dictionary is missing or unusable", dateline.ErrUnsupported)
	case wrongSum(err):
		return fmt.Errorf("%w: checksum of the compressed data does not match", dateline.ErrCorrupt)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, zstd.ErrMagicMismatch):
		return fmt.Errorf("%w: no compressed record begins here", dateline.ErrCorrupt)
	}
	return fmt.Errorf("%w: compressed data: %w", dateline.ErrCorrupt, err)
}

// wrongSum reports whether a member was read to its end and only then found
// to be wrong.
func wrongSum(err error) bool {
	return errors.Is(err, gzip.ErrChecksum) || errors.Is(err, zstd.ErrCRCMismatch)
}

// endOfInput reports whether err is how a decompressor says that its input ended.
func endOfInput(err error) bool {
	return err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF)
}
