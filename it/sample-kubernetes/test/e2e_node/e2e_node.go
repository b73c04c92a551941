// Package e2e_node holds the tests.
package e2e_node
