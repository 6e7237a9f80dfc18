"""What `make bench` measures: whole processes beside those of others, on the same local servers."""
