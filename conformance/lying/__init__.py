"""General lies: ways to break a contract that are told of any event, call, room or limit of any bundle."""
