package figures

import (
	"io/fs"
	"testing/fstest"
)

// layer is pack files in memory.
func layer(files map[string]string) fs.FS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}
