#!/usr/bin/env bash
echo health
