//go:build cgo
// +build cgo

// Package native asks the C library, so that a program that imports it is linked with it.
package native

/*
#include <unistd.h>

static long page_size(void) { return sysconf(_SC_PAGESIZE); }
*/
import "C"

// PageSize is the size of a memory page in bytes.
var PageSize = int64(C.page_size())
