// Package version tells which version this is; the linker fills it in.
package version

import "fmt"

var (
	gitMajor     string
	gitMinor     string
	gitVersion   = "v0.0.0-master"
	gitCommit    string
	gitTreeState string
	buildDate    = "1970-01-01T00:00:00Z"
)

// String gives everything that the build stamped.
func String() string {
	return fmt.Sprintf("%s (%s.%s, commit %s, %s, built %s)", gitVersion, gitMajor, gitMinor, gitCommit, gitTreeState, buildDate)
}

// Short gives the version alone.
func Short() string {
	return gitVersion
}
