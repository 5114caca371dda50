"""One folder a case: a service, honest or told a lie by its first argument, its contracts, and what is right."""
