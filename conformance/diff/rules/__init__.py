"""The rules by which two versions of a bundle are compared; one file a rule."""
