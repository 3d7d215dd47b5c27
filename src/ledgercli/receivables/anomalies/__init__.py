"""What is out of the ordinary in documents and payments, each with the figures that say so."""
