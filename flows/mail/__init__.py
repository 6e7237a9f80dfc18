"""Letters: the words (`letters`), the wire (`message`), and the way out (`outbox`)."""
