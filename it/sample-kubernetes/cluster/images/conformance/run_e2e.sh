#!/bin/sh
exec /usr/local/bin/e2e.test "$@"
