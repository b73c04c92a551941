// Code generated from the tagged types. DO NOT EDIT.

package sample

// Kinds names the tagged types.
var Kinds = []string{
	"Pod",
	"Node",
}
