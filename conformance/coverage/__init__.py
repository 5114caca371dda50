"""How much of contracts a set of recorded runs has exercised."""
