// Command ginkgo stands in for a tool of another module.
package main

import "fmt"

func main() {
	fmt.Println("ginkgo of the sample")
}
