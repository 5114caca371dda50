"""Every other file of this folder is one rule of documents and source."""
