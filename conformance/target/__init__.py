"""Where a service is and what reaches it: settings, tokens, TLS, triggers, secrets."""
