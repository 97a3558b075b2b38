"""What is measured, against whom, reproducibly: `make bench`."""

# First of all, since what is settled with it must be before numpy is loaded.
import tessera as tessera
