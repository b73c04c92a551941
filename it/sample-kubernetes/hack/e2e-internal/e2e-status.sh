#!/usr/bin/env bash
echo "no cluster"
