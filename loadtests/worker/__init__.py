"""The virtual clients of one worker process, in a thread of their own."""
