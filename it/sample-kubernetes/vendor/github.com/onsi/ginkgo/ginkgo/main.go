// Command ginkgo stands in for a vendored tool.
package main

import "fmt"

func main() {
	fmt.Println("ginkgo of the sample")
}
