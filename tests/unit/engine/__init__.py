"""Tests of `conformance/engine`."""
