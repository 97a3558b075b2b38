"""What is measured, against whom, reproducibly: `make bench`."""
