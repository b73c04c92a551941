// Command kube-controller-manager is one of the sample's programs.
package main

import "k8s.io/kubernetes/pkg/sample"

func main() {
	sample.Main("kube-controller-manager", "Kubernetes")
}
