// Command go-runner is one of the sample's programs.
package main

import "k8s.io/kubernetes/pkg/sample"

func main() {
	sample.Main("go-runner", "Kubernetes")
}
