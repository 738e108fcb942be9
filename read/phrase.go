package read

// phrase is what the language packs know of a block's wording.
type phrase struct{}

const phraseFeatures = 14

func (phrase) feature(k int) uint8 { return 0 }
