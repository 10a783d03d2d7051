"""What is answered, as facts and buttons: outcome in, card out."""
