//go:build linux || darwin || freebsd

package archive

import (
	"errors"
	"os"
	"syscall"
)

var errLocked = errors.New("locked by another process")

// errReadOnly is the error of a disk that can only be read.
const errReadOnly = syscall.EROFS

// syncsDirectories: names of new files last once their directory is synced.
const syncsDirectories = true

// lockFile takes the lock, which ends with the process.
func lockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return err
}

func freeSpace(root *os.Root) (int64, error) {
	f, err := root.Open(".")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var s syscall.Statfs_t
	if err := syscall.Fstatfs(int(f.Fd()), &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
