//go:build cgo
// +build cgo

package main

/*
#include <unistd.h>

static long page_size(void) { return sysconf(_SC_PAGESIZE); }
*/
import "C"

// PageSize comes from C, so that the program is linked with the C library.
var PageSize = int64(C.page_size())
