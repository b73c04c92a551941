#!/usr/bin/env bash
echo would download
