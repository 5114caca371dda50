"""What a run writes and shows: journal, tables, Locust's statistics."""
