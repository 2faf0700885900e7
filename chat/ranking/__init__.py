"""Which sentence answers: a small learned model over what is known of each sentence found."""
