"""Records and open items of other systems, in and out."""
