// Package e2e holds the tests.
package e2e
