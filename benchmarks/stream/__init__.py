"""The stream against what others reach: `make bench-stream`, or `python -m benchmarks.stream --clients 10000`."""
