// Command kube-aggregator is one of the sample's programs.
package main

import (
	"fmt"

	"k8s.io/component-base/version"
)

func main() {
	fmt.Printf("Kubernetes %s\n", version.Short())
}
