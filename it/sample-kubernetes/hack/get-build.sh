#!/usr/bin/env bash
# Would fetch a published build; the sample has none.
echo "the sample tree publishes no builds" >&2
exit 1
