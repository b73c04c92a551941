package sample

// Kinds names the tagged types; trees of v1.2 have in git what later ones generate.
var Kinds = []string{
	"Pod",
	"Node",
}
