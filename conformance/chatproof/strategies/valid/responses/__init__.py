"""What `/v1/responses` takes and gives."""
