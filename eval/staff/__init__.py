"""The pages of the staff: evaluation, records, curated answers, documents."""
