"""Publications, memberships, deliveries, histograms and totals. Pure: no clock, no I/O."""
