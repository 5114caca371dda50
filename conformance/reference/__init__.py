"""The SOS realtime service as documented, embedded; it can be told to lie about one thing."""
