"""One run over a master and its workers, and the program that `roomcheck load` starts."""
