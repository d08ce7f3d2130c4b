"""From a request to the plan that answers it, and what is done to the answer on its way out."""
