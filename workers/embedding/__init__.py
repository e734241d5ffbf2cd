"""What texts mean, as vectors: by a model of our own, or by an endpoint that is set up."""
