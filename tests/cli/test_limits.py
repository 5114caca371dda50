"""Limits of our own: the time of a check and file descriptors, which are no fault of a service."""

import subprocess
import sys

from tests.running import ROOT, clean_environment, roomcheck


def test_a_check_whose_time_is_up_judges_what_was_played_and_cannot_tell() -> None:
    run = roomcheck("check", "--max-time", "1")
    text = " ".join(run.stdout.split())
    assert run.returncode == 4, run.stdout + run.stderr
    assert "the time limit of 1 s (--max-time) ended the check: " in text
    assert "acts had been played to their end, and only those are judged" in text


def test_a_shortage_of_file_descriptors_is_told_as_our_own() -> None:
    words = ("sh", "-c", 'ulimit -n 40; exec "$@"', "sh", sys.executable, "-m", "cli", "check")
    run = subprocess.run(words, capture_output=True, text=True, env=clean_environment(), cwd=ROOT, timeout=60)
    assert run.returncode == 2, run.stdout + run.stderr
    assert "Roomcheck has no file descriptors left (its limit is 40), which is no fault of the service" in run.stderr


def test_a_load_that_may_not_open_what_it_needs_to_begin_says_so() -> None:
    words = ("sh", "-c", 'ulimit -n 60; exec "$@"', "sh", sys.executable, "-m", "cli", "load", "-t", "2s", "Chat")
    run = subprocess.run(words, capture_output=True, text=True, env=clean_environment(), cwd=ROOT, timeout=60)
    assert run.returncode == 2, run.stdout + run.stderr
    says = "Roomcheck needs 100 file descriptors to begin, and may open 60: raise the limit, as with `ulimit -n 1024`"
    assert run.stderr == f"roomcheck: {says}\n"
