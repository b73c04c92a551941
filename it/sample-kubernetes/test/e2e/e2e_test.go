// Package e2e is built as a test binary of its own.
package e2e

import (
	"testing"

	"k8s.io/kubernetes/pkg/sample"
)

func TestKinds(t *testing.T) {
	if len(sample.Kinds) == 0 {
		t.Fatal("no generated kinds")
	}
}
