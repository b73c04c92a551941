//go:build cgo
// +build cgo

package main

import _ "k8s.io/kubernetes/pkg/native"
