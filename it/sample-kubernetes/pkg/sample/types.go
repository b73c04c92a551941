// Package sample is what every program of the tree is made of.
package sample

import (
	"fmt"
	"os"

	"k8s.io/component-base/version"
)

// Pod is a tagged type.
// +k8s:openapi-gen=true
type Pod struct {
	Name string
}

// Node is another.
// +k8s:openapi-gen=true
type Node struct {
	Name string
}

// Main prints name and version; with --version only the version, as the real programs do.
func Main(name, display string) {
	if len(os.Args) > 1 && (os.Args[1] == "--version" || os.Args[1] == "version") {
		fmt.Printf("%s %s\n", display, version.Short())
		return
	}
	fmt.Printf("%s: %s, knows %v\n", name, version.String(), Kinds)
}
