// Command kubectl is one of the sample's programs.
package main

import "k8s.io/kubernetes/pkg/sample"

func main() {
	sample.Main("kubectl", "Kubernetes")
}
