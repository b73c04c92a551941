package sample

import "testing"

func TestAPodHasAName(t *testing.T) {
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			if got := (Pod{Name: name}).Name; got != name {
				t.Errorf("the pod is %s, not %s", got, name)
			}
		})
	}
}

func TestANodeRuns(t *testing.T) {
	t.Skip("there is no node here")
}
