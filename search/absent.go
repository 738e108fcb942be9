package search

// Absent is what is to be said of a name that no article has, where a query
// asks for it: it may be written otherwise. ok is false for what is no name.
func Absent(n Is) (_ Note, ok bool) {
	switch n.Field {
	case FieldOutlet:
		return say(0, 0, "outlet-none", n.Value), true
	case FieldLang:
		return say(0, 0, "lang-absent", n.Value), true
	case FieldPlace:
		return say(0, 0, "place-none", n.Value), true
	case FieldPerson:
		return say(0, 0, "person-none", n.Value), true
	case FieldOrg:
		return say(0, 0, "org-none", n.Value), true
	}
	return Note{}, false
}
