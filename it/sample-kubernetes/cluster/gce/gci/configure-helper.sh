#!/usr/bin/env bash
echo configure
