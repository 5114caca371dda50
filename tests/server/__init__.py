"""The service that is made of contracts: what it keeps, and what it says of the rest."""
