"""What several formats share; each format itself is a file of the folder above."""
