"""What editors say of words: synonyms, stop terms, and which searches found nothing."""
