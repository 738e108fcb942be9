package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"dateline"
)

// The cost of a password's hash: what OWASP asks of argon2id at least, which
// is 19 MiB and some 40 ms for each login. A hash has its own with it, so that
// they can be raised later.
const (
	hashMemory  = 19 << 10 // KiB
	hashPasses  = 2
	hashThreads = 1
	hashSalt    = 16
	hashKey     = 32
)

// A login takes memory that strangers can ask for, so hashes are made few at a
// time, and what they leave is collected after some of them: Go would wait
// until there is as much again.
const (
	hashesAtOnce = 1
	hashesLeft   = 3
)

// The bounds of a password. Ten letters that nobody has used elsewhere are out
// of reach of guesses over the network; the longest is one that a program made.
const (
	minPassword = 10 // code points
	maxPassword = 512
)

// checkPassword says what a password lacks. It wraps [dateline.ErrInvalid].
func checkPassword(name, password string) error {
	switch {
	case !utf8.ValidString(password) || strings.ContainsAny(password, "\x00\n\r"):
		return fmt.Errorf("a password is one line of text: %w", dateline.ErrInvalid)
	case utf8.RuneCountInString(password) < minPassword:
		return fmt.Errorf("a password has %d letters or more: %w", minPassword, dateline.ErrInvalid)
	case len(password) > maxPassword:
		return fmt.Errorf("a password has %d bytes at most: %w", maxPassword, dateline.ErrInvalid)
	case strings.Count(password, password[:1]) == len(password), strings.EqualFold(strings.TrimRight(password, "0123456789!."), name):
		return fmt.Errorf("that password is the first that somebody would try: %w", dateline.ErrInvalid)
	}
	return nil
}

// Generate makes a password, of 120 random bits and without letters that look
// alike.
func Generate() string {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789" // 32
	b := make([]byte, 24)
	rand.Read(b)
	for i := range b {
		b[i] = letters[b[i]%32]
	}
	return fmt.Sprintf("%s-%s-%s-%s", b[:6], b[6:12], b[12:18], b[18:])
}

// hash is a password as it is kept.
func (g *Guard) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, hashSalt)
	rand.Read(salt)
	key, err := g.derive(ctx, password, salt, hashMemory, hashPasses, hashThreads, hashKey)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashThreads, b64(salt), b64(key)), nil
}

// noHash is compared with where there is no user, in the time that it takes
// with one.
var noHash = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashThreads, strings.Repeat("A", 22), strings.Repeat("A", 43))

// matches tells whether a password is the one that was hashed.
func (g *Guard) matches(ctx context.Context, hashed, password string) (bool, error) {
	var version, memory, passes int
	var threads uint8
	parts := strings.Split(hashed, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("read a password's hash: %w", dateline.ErrCorrupt)
	}
	_, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &threads)
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || err1 != nil || err2 != nil || version != argon2.Version || memory <= 0 || memory > 4*hashMemory || passes <= 0 || passes > 8 || threads == 0 || len(key) != hashKey {
		return false, fmt.Errorf("read a password's hash: %w", dateline.ErrCorrupt)
	}
	got, err := g.derive(ctx, password, salt, uint32(memory), uint32(passes), threads, hashKey)
	return err == nil && subtle.ConstantTimeCompare(got, key) == 1, err
}

// derive hashes, few at a time. Who waits too long gets [dateline.ErrLater].
func (g *Guard) derive(ctx context.Context, password string, salt []byte, memory, passes uint32, threads uint8, size uint32) ([]byte, error) {
	s := g.made()
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
		key := argon2.IDKey([]byte(password), salt, passes, memory, threads, size)
		if s.hashed++; s.hashed%hashesLeft == 0 {
			runtime.GC()
		}
		return key, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("too many log in at once: %w", dateline.ErrLater)
	}
}
