"""The stream, the requests and the servers that they are compared with."""
