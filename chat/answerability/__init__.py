"""Whether what was found states what is asked, or is only on the same matter."""
