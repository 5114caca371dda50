"""One file a command: options in, exit code out. Imported by the command line alone."""
